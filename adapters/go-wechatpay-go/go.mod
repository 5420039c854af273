module adapters/wechatpay-go

go 1.21

require (
	adapters/protocol v0.0.0
	github.com/wechatpay-apiv3/wechatpay-go v0.2.21
)

replace adapters/protocol => ../go
