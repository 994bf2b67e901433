module github.com/salesops-go/salesops

go 1.26.0

require (
	github.com/google/go-cmp v0.7.0
	github.com/shopspring/decimal v1.6.0
	pgregory.net/rapid v1.3.0
)

require gonum.org/v1/gonum v0.17.0

require golang.org/x/exp v0.0.0-20250808145144-a408d31f581a
