package forecast

import "github.com/shopspring/decimal"

// Columns are the cumulative columns of a forecast: each includes those of more certain categories. Lost and omitted deals
// are in none. They are those of Salesforce's collaborative forecasts with the cumulative roll-up (ForecastingItemCategory
// OpenPipeline, BestCaseForecast, MostLikelyForecast, CommitForecast and ClosedOnly), so OpenPipeline does not include
// what is closed, and the others do. Organizations that do not use [MostLikely] ignore its column; the others are the
// same without it.
type Columns struct {
	// OpenPipeline is the total of Pipeline, BestCase, MostLikely and Commit: all that is open, and not Closed.
	OpenPipeline Cell `json:"openPipeline"`
	// BestCase is the total of BestCase, MostLikely, Commit and Closed.
	BestCase Cell `json:"bestCase"`
	// MostLikely is the total of MostLikely, Commit and Closed.
	MostLikely Cell `json:"mostLikely"`
	// Commit is the total of Commit and Closed.
	Commit Cell `json:"commit"`
	// Closed is Closed alone.
	Closed Cell `json:"closed"`
}

// Cumulative returns the columns that include the more certain ones. A summary itself holds the columns that do not.
func (s Summary) Cumulative() Columns {
	c := Columns{OpenPipeline: s.Open(), Closed: s.Closed}
	c.Commit = s.Commit.plus(c.Closed)
	c.MostLikely = s.MostLikely.plus(c.Commit)
	c.BestCase = s.BestCase.plus(c.MostLikely)
	return c
}

// Open returns the total of the open deals that are not omitted: Pipeline, BestCase, MostLikely and Commit.
func (s Summary) Open() Cell {
	return s.Pipeline.plus(s.BestCase).plus(s.MostLikely).plus(s.Commit)
}

// Expected returns what is won plus the weighted amount of what is open: the weighted forecast. It is false if the summary
// has no weights.
func (s Summary) Expected() (amount decimal.Decimal, ok bool) {
	if !s.HasWeights {
		return decimal.Decimal{}, false
	}
	return totalOf(s.Closed.Weighted, s.Open().Weighted), true
}

// Add returns the summary of the deals of both, where no deal is in both. A summary without deals changes nothing.
//
// Add returns an error ([ErrInput]) if both have deals and their currencies differ or only one has weights, or if a sum
// is out of bounds: an exponent beyond ±36 or more than 96 digits.
func (s Summary) Add(o Summary) (Summary, error) {
	var f faults
	sum := s
	switch n, m := s.deals(), o.deals(); {
	case n == 0 && m == 0:
		sum.HasWeights = s.HasWeights || o.HasWeights
	case n == 0:
		sum.Currency, sum.HasWeights = o.Currency, o.HasWeights
	case m == 0:
	case s.Currency != o.Currency:
		f.add(ErrInput, "", "currency", o.Currency, "is not "+quoted(s.Currency)+"; convert the deals to one currency first")
	case s.HasWeights != o.HasWeights:
		f.add(ErrInput, "", "hasWeights", "", "is not the same; weigh the deals of both, or of none")
	}
	to, from := sum.cells(), o.cells()
	for c := range to {
		*to[c] = to[c].plus(*from[c])
	}
	for _, cell := range sum.cells() {
		_, fits := admitSum(cell.Amount)
		_, fitsToo := admitSum(cell.Weighted)
		if !fits || !fitsToo {
			f.add(ErrInput, "", "cells", "", "add up to a number that "+sumOutOfBounds)
			break
		}
	}
	if err := f.err(); err != nil {
		return Summary{}, err
	}
	return sum, nil
}
