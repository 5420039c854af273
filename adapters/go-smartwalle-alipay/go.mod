module adapters/smartwalle-alipay

go 1.21

require (
	adapters/protocol v0.0.0
	github.com/smartwalle/alipay/v3 v3.2.29
	github.com/smartwalle/ncrypto v1.0.4
	github.com/smartwalle/nsign v1.0.9
)

require github.com/smartwalle/ngx v1.1.0 // indirect

replace adapters/protocol => ../go
