package metrics_test

import (
	"testing"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/internal/testenv"
)

func TestMain(m *testing.M) { testenv.Main(m) }

// d returns the decimal written s.
func d(s string) decimal.Decimal {
	v, err := decimal.NewFromString(s)
	if err != nil {
		panic(err)
	}
	return v
}

// on returns the date written s.
func on(s string) salesops.Date {
	v, err := salesops.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return v
}

// period returns the days from start up to, but without, end.
func period(start, end string) salesops.Period {
	return salesops.Period{Start: on(start), End: on(end)}
}

// check stops an example that went wrong.
func check(err error) {
	if err != nil {
		panic(err)
	}
}
