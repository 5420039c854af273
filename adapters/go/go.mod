module adapters/protocol

go 1.21
