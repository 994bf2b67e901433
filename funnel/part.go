package funnel

import "github.com/shopspring/decimal"

// Part is a part of a whole: how many deals there are in it, and what they are worth.
type Part struct {
	// Count is how many there are, 0 or more.
	Count int64 `json:"count"`
	// Amount is the sum of their amounts.
	Amount decimal.Decimal `json:"amount"`
}
