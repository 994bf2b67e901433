package metrics

import (
	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/internal/exact"
)

// The KPIs of the size and the price of deals, and of velocity.
const (
	DealSize             ID = "deal_size"              // mean amount of won deals
	DealSizeMedian       ID = "deal_size_median"       // their median
	DiscountRate         ID = "discount_rate"          // discount off list, by value
	DiscountRateMean     ID = "discount_rate_mean"     // mean discount of deals
	SalesVelocity        ID = "sales_velocity"         // open deals × size × win rate ÷ mean cycle
	SalesVelocityMedian  ID = "sales_velocity_median"  // the same with the median cycle
	SalesVelocityCreated ID = "sales_velocity_created" // with deals created
	SalesVelocityClosed  ID = "sales_velocity_closed"  // with deals closed
)

func sizeKPIs() []kpi {
	speeds := []ID{SalesVelocity, SalesVelocityMedian, SalesVelocityCreated, SalesVelocityClosed}
	velocity := func(id ID, name, deals, cycle, source string, number func(*reading) int64, length func(*reading) (num, den exact.Num)) kpi {
		return kpi{
			Definition: Definition{
				ID: id, Name: name, Formula: deals + " × mean size of won deals × win rate ÷ " + cycle + " cycle of won deals in days",
				Unit: UnitMoneyPerDay, Better: Higher, Additivity: Distribution,
				Undefined: "no deal was won or lost, or the cycle is 0 days or not known", Source: source, Others: others(speeds, id),
			},
			none: "the cycle of won deals is 0 days or not known",
			ratio: func(r *reading) (num, den exact.Num, n int64) {
				// deals × (Σ won ÷ W) × (W ÷ (W+L)) ÷ (days ÷ of)
				days, of := length(r)
				n = number(r)
				num = exact.Int(n).Mul(r.closed.wonAmount).Mul(of)
				return num, exact.Int(r.closed.won + r.closed.lost).Mul(days), n
			},
		}
	}
	meanCycle := func(r *reading) (num, den exact.Num) {
		runs := r.cycles().Runs()
		s := summarize(runs)
		return s.sum, exact.Int(s.n)
	}
	medianCycle := func(r *reading) (num, den exact.Num) {
		m, _ := r.cycles().Quantile(0.5)
		n, _ := exact.FromFloat(m)
		return n, exact.Int(1)
	}
	return []kpi{
		{
			Definition: Definition{
				ID: DealSize, Name: "Mean deal size", Formula: "Σ amount ÷ number, of won deals", Unit: UnitMoney, Better: Higher, Additivity: Proportional,
				Undefined: "no deal was won", Source: "HubSpot, KPI Tree", Others: []ID{DealSizeMedian},
			},
			none: noneWon, sizes: (*reading).amounts, stat: mean,
		},
		{
			Definition: Definition{
				ID: DealSizeMedian, Name: "Median deal size", Formula: "median amount of won deals", Unit: UnitMoney, Better: Higher,
				Additivity: Distribution, Undefined: "no deal was won; within 0.5 % of more than 4,096 deals", Source: "general use", Others: []ID{DealSize},
			},
			none: noneWon, sizes: (*reading).amounts, stat: median,
		},
		{
			Definition: Definition{
				ID: DiscountRate, Name: "Discount", Formula: "1 − Σ amount ÷ Σ list, of won deals with a list price", Unit: UnitShare, Better: Lower,
				Additivity: Proportional, Undefined: "no won deal has a list price; negative where deals sell above list", Source: "general use", Others: []ID{DiscountRateMean},
			},
			none: "no won deal has a list price",
			ratio: func(r *reading) (num, den exact.Num, n int64) {
				return r.closed.list.Sub(r.closed.net), r.closed.list, r.closed.listed
			},
		},
		{
			Definition: Definition{
				ID: DiscountRateMean, Name: "Mean discount of deals", Formula: "mean of 1 − amount ÷ list of won deals, each rounded to a millionth", Unit: UnitShare,
				Better: Lower, Additivity: Proportional, Undefined: "no won deal has a list price", Source: "general use", Others: []ID{DiscountRate},
			},
			none: "no won deal has a list price",
			figure: func(r *reading, id ID) Figure {
				all := r.discounts()
				f := quotient(id, all.sum(), exact.Int(all.Len()), all.Len(), "")
				if i, ok := all.MeanInterval(r.o.Level); ok {
					f.Interval = &i
				}
				return f
			},
		},
		velocity(SalesVelocity, "Sales velocity", "open deals", "mean", "winsabove", func(r *reading) int64 { return r.open.deals }, meanCycle),
		velocity(SalesVelocityMedian, "Sales velocity by the median cycle", "open deals", "median", "winsabove, with the median", func(r *reading) int64 { return r.open.deals }, medianCycle),
		velocity(SalesVelocityCreated, "Sales velocity of deals created", "deals created", "mean", "consultevo", func(r *reading) int64 { return r.created.deals }, meanCycle),
		velocity(SalesVelocityClosed, "Sales velocity of deals closed", "deals won and lost", "mean", "creativeg", func(r *reading) int64 { return r.closed.won + r.closed.lost }, meanCycle),
	}
}

// amounts returns the amounts of won deals.
func (r *reading) amounts() *Sample[decimal.Decimal] {
	if r.amount == nil {
		r.amount = new(Sample[decimal.Decimal])
		for _, c := range r.cells {
			if c.closed != nil {
				_ = r.amount.Merge(&c.closed.sizes) // of the same options
			}
		}
	}
	return r.amount
}

// discounts returns the discounts of won deals.
func (r *reading) discounts() *Moments[decimal.Decimal] {
	all := new(Moments[decimal.Decimal])
	for _, c := range r.cells {
		if c.closed != nil {
			_ = all.Merge(&c.closed.discounts) // as many as deals
		}
	}
	return all
}
