package funnel

import (
	"errors"

	"github.com/salesops-go/salesops"
)

// comparePeriods orders periods by their starts, open ones first, and then by their ends, open ones last.
func comparePeriods(p, q salesops.Period) int {
	if c := p.Start.Compare(q.Start); c != 0 {
		return c
	}
	if p.End.IsZero() || q.End.IsZero() {
		return q.End.Compare(p.End)
	}
	return p.End.Compare(q.End)
}

var errEmptyPeriod = errors.New("has a period that holds no day")
