package metrics

import (
	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/internal/exact"
)

// RampPoint is how productive reps were in one period of their tenure.
type RampPoint struct {
	// Tenure is the period of tenure, from 1 on.
	Tenure int `json:"tenure"`
	// Reps is how many reps were there for the whole period. Those who left count as long as they were there.
	Reps int64 `json:"reps"`
	// Bookings is what they booked in it together.
	Bookings decimal.Decimal `json:"bookings"`
	// Productivity is their mean bookings as a share of the steady state, [RampCurve].
	Productivity Figure `json:"productivity"`
}

// Curve returns the ramp curve: for each period of tenure how many reps there were, and their mean bookings over those of a
// rep at steady state. That is the mean over all periods of reps from the period of tenure steady on, such as 4 for quarters:
// the rep ramp chart of D. Kellogg (Kellblog 2020). Productivity has no value where nobody has been there for so long, or
// those who have did not book more than 0 in all. It returns nil if there are no reps with a whole period, or steady is below
// 1.
//
// Those who leave are often the less productive ones, so the curve rises by their leaving, too: look at Reps.
func (r *Ramp) Curve(steady int) []RampPoint {
	if steady < 1 || len(r.curve) == 0 {
		return nil
	}
	var n, sum exact.Num
	for _, t := range r.curve[min(steady-1, len(r.curve)):] {
		n, sum = n.Add(exact.Int(t.Count)), sum.Add(exact.From(t.Amount))
	}
	out := make([]RampPoint, len(r.curve))
	for i, t := range r.curve {
		booked := exact.From(t.Amount)
		out[i] = RampPoint{
			Tenure: i + 1, Reps: t.Count, Bookings: booked.Decimal(),
			Productivity: quotient(RampCurve, booked.Mul(n), exact.Int(t.Count).Mul(sum), t.Count,
				"no rep has been there for so long that the steady state is known, or it is not above 0"),
		}
	}
	return out
}
