package metrics

import (
	"strconv"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/internal/exact"
	"github.com/salesops-go/salesops/internal/lifetime"
)

// Options are what the KPIs of a [Scorecard] leave open. Each field says which of them read it. The zero Options are the usual.
type Options struct {
	// Level is the confidence of intervals, between 0 and 1: 0 is 0.95.
	Level float64 `json:"level,omitempty"`
	// Horizon is by how many days after its creation a deal must be won for [WinRateCohort]: 0 is 90.
	Horizon int `json:"horizon,omitempty"`
	// Attained is the attainment from which on a rep has made the quota, for [QuotaAttainmentRate]: 0 is 1, for 100 %.
	Attained decimal.Decimal `json:"attained,omitzero"`
	// Participating is the attainment from which on a rep takes part, for [ParticipationRateQuota]: 0 is 0.5.
	Participating decimal.Decimal `json:"participating,omitzero"`
	// Bands are the inner bounds of the bands of [AttainmentDistribution], ascending; none are 0.5, 0.8, 1 and 1.2.
	Bands []decimal.Decimal `json:"bands,omitempty"`
	// Stale is after how many days without activity an open deal is stale, for [StaleShare] and [HygieneShare]: 0 is 30.
	Stale int `json:"stale,omitempty"`
	// SLA is within how many ticks a lead must be touched, for [LeadResponseSLA]: 0 is 5, minutes by default.
	SLA int `json:"sla,omitempty"`
	// Top is how many of the greatest make the share of [CustomerTopShare] and [RepTopShare]: 0 is 5.
	Top int `json:"top,omitempty"`
	// Ramp are the weights of the first months of tenure, each from 0 to 1, for [RepProductivity]: 0.25, 0.5, 0.75 for a ramp of
	// three months. None counts everybody as ramped.
	Ramp []decimal.Decimal `json:"ramp,omitempty"`
}

// orDefault returns the options with zeros replaced, and tells which are out of range.
func (o Options) orDefault(f *faults) Options {
	o.Level = f.level("options/level", o.Level)
	whole := func(v *int, name string, usual int) {
		if *v == 0 {
			*v = usual
		}
		if *v < 1 || *v > lifetime.MaxTick {
			f.add(ErrInput, "", "options/"+name, strconv.Itoa(*v), "must be from 1 to "+strconv.Itoa(lifetime.MaxTick))
		}
	}
	whole(&o.Horizon, "horizon", 90)
	whole(&o.Stale, "stale", 30)
	whole(&o.SLA, "sla", 5)
	whole(&o.Top, "top", 5)
	positive := func(v *decimal.Decimal, name string, usual decimal.Decimal) {
		n, ok := f.amount("", "options/"+name, *v)
		switch {
		case ok && n.IsZero():
			*v = usual
		case ok && n.Sign() < 0:
			f.add(ErrInput, "", "options/"+name, decimalText(*v), "must be above 0; 1 is 100 %")
		}
	}
	positive(&o.Attained, "attained", decimal.New(1, 0))
	positive(&o.Participating, "participating", decimal.New(5, -1))
	if len(o.Bands) == 0 {
		o.Bands = []decimal.Decimal{decimal.New(5, -1), decimal.New(8, -1), decimal.New(1, 0), decimal.New(12, -1)}
	}
	for i, b := range o.Bands {
		path := "options/bands/" + strconv.Itoa(i)
		if n, ok := f.amount("", path, b); ok && i > 0 && exact.Bounded(o.Bands[i-1]) && n.Cmp(exact.From(o.Bands[i-1])) <= 0 {
			f.add(ErrInput, "", path, decimalText(b), "must be above the bound before")
		}
	}
	for i, w := range o.Ramp {
		path := "options/ramp/" + strconv.Itoa(i)
		if n, ok := f.amount("", path, w); ok && (n.Sign() < 0 || n.Cmp(exact.Int(1)) > 0) {
			f.add(ErrInput, "", path, decimalText(w), "must be from 0 to 1")
		}
	}
	return o
}
