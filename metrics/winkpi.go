package metrics

import "github.com/salesops-go/salesops/internal/exact"

// The KPIs of winning.
const (
	DealsWon         ID = "deals_won"         // deals won
	Bookings         ID = "bookings"          // what they were sold for
	WinRate          ID = "win_rate"          // won of won and lost
	WinRateBroad     ID = "win_rate_broad"    // won of all that ended
	WinRateOverdue   ID = "win_rate_overdue"  // won of those that ended or are overdue
	WinRateCreated   ID = "win_rate_created"  // won so far of those created
	WinRateValue     ID = "win_rate_value"    // won of won and lost, by amount
	WinRateCohort    ID = "win_rate_cohort"   // won by an age
	CloseRatio       ID = "close_ratio"       // won of those closed with a proposal
	CloseRatioSent   ID = "close_ratio_sent"  // won so far of proposals sent
	RequiredCoverage ID = "required_coverage" // pipeline needed for each unit of quota
)

const (
	noneClosed = "no deal was won or lost"
	noneWon    = "no deal was won"
)

func winKPIs() []kpi {
	rates := []ID{WinRate, WinRateBroad, WinRateOverdue, WinRateCreated, WinRateValue, WinRateCohort}
	return []kpi{
		{
			Definition: Definition{
				ID: DealsWon, Name: "Deals won", Formula: "number of deals won", Unit: UnitCount, Better: Higher, Additivity: Additive,
				Undefined: "never; 0 without deals", Source: "general use",
			},
			ratio: func(r *reading) (num, den exact.Num, n int64) {
				return exact.Int(r.closed.won), exact.Int(1), r.closed.won
			},
		},
		{
			Definition: Definition{
				ID: Bookings, Name: "Bookings", Formula: "Σ amount of deals won", Unit: UnitMoney, Better: Higher, Additivity: Additive,
				Undefined: "never; 0 without deals", Source: "general use",
			},
			ratio: func(r *reading) (num, den exact.Num, n int64) { return r.closed.wonAmount, exact.Int(1), r.closed.won },
		},
		{
			Definition: Definition{
				ID: WinRate, Name: "Win rate", Formula: "won ÷ (won + lost)", Unit: UnitShare, Better: Higher, Additivity: Proportional,
				Undefined: "no deal was won or lost; deals dropped without a decision are left out", Source: "Gong, HubSpot", Others: others(rates, WinRate),
			},
			none:   noneClosed,
			shares: func(r *reading) (num, den int64) { return r.closed.won, r.closed.won + r.closed.lost },
			note: func(r *reading, _ int64) string {
				if r.closed.lost > 0 {
					return ""
				}
				return "no deal is recorded as lost"
			},
		},
		{
			Definition: Definition{
				ID: WinRateBroad, Name: "Broad win rate", Formula: "won ÷ (won + lost + dropped)", Unit: UnitShare, Better: Higher, Additivity: Proportional,
				Undefined: "no deal ended", Source: "Kellblog", Others: others(rates, WinRateBroad),
			},
			none: "no deal ended",
			shares: func(r *reading) (num, den int64) {
				return r.closed.won, r.closed.won + r.closed.lost + r.closed.dropped
			},
		},
		{
			Definition: Definition{
				ID: WinRateOverdue, Name: "Win rate with overdue deals", Formula: "won ÷ (won + lost + dropped + overdue)", Unit: UnitShare, Better: Higher,
				Additivity: Proportional, Undefined: "no deal ended or is overdue", Source: "Zoho Motivator", Others: others(rates, WinRateOverdue),
			},
			none: "no deal ended or is overdue",
			shares: func(r *reading) (num, den int64) {
				return r.closed.won, r.closed.won + r.closed.lost + r.closed.dropped + r.open.overdue
			},
		},
		{
			Definition: Definition{
				ID: WinRateCreated, Name: "Won so far of deals created", Formula: "won so far ÷ created, by period of creation", Unit: UnitShare, Better: Higher,
				Additivity: Proportional, Undefined: "no deal was created; deals still open count as not won, so that young cohorts look bad",
				Source: "altiorco; Maven Analytics", Others: others(rates, WinRateCreated),
			},
			none:   "no deal was created",
			shares: func(r *reading) (num, den int64) { return r.created.won, r.created.deals },
			note: func(r *reading, _ int64) string {
				if r.created.open > 0 {
					return "deals that are still open count as not won"
				}
				return ""
			},
		},
		{
			Definition: Definition{
				ID: WinRateValue, Name: "Win rate by value", Formula: "Σ amount won ÷ Σ amount won and lost", Unit: UnitShare, Better: Higher,
				Additivity: Proportional, Undefined: "no deal was won or lost; all lost deals have the amount 0, as CRM systems that clear it leave them; a sum is negative, or both are 0",
				Source: "KPI Tree, HubSpot", Others: others(rates, WinRateValue),
			},
			figure: winRateValue,
			note: func(r *reading, _ int64) string {
				if n := r.closed.unpriced; n > 0 {
					return count(n, "lost deal has", "lost deals have") + " the amount 0: the rate is too high"
				}
				return ""
			},
		},
		{
			Definition: Definition{
				ID: WinRateCohort, Name: "Win rate by age", Formula: "Aalen-Johansen estimate of won within Options.Horizon days of creation",
				Unit: UnitShare, Better: Higher, Additivity: Distribution,
				Undefined: "no deal was created, or none was watched to that age", Source: "Aalen and Johansen 1978; Funnelcast", Others: others(rates, WinRateCohort),
			},
			none:     "no deal was created",
			estimate: (*reading).lives, at: wonBy, tick: func(o Options) (int, string) { return o.Horizon, "days" },
		},
		{
			Definition: Definition{
				ID: CloseRatio, Name: "Close ratio", Formula: "won ÷ ended, of deals with a proposal", Unit: UnitShare, Better: Higher, Additivity: Proportional,
				Undefined: "no deal with a proposal ended", Source: "HubSpot", Others: []ID{CloseRatioSent},
			},
			none:   "no deal with a proposal ended",
			shares: func(r *reading) (num, den int64) { return r.closed.proposedWon, r.closed.proposed },
		},
		{
			Definition: Definition{
				ID: CloseRatioSent, Name: "Close ratio of proposals sent", Formula: "won so far ÷ proposals sent, by period of the proposal", Unit: UnitShare,
				Better: Higher, Additivity: Proportional, Undefined: "no proposal was sent; those undecided count as not won", Source: "winsabove", Others: []ID{CloseRatio},
			},
			none:   "no proposal was sent",
			shares: func(r *reading) (num, den int64) { return r.created.proposalsWon, r.created.proposals },
		},
		{
			Definition: Definition{
				ID: RequiredCoverage, Name: "Required coverage", Formula: "1 ÷ win rate by value", Unit: UnitTimes, Better: Lower, Additivity: Proportional,
				Undefined: "nothing was won, or the win rate by value has no value", Source: "Gong, KPI Tree", Others: []ID{PipelineCoverage, PipelineCoverageFull},
			},
			figure: func(r *reading, id ID) Figure {
				rate := winRateValue(r, id)
				if rate.Value == nil {
					return rate
				}
				return quotient(id, r.closed.wonAmount.Add(r.closed.lostAmount), r.closed.wonAmount, rate.N, "nothing was won")
			},
		},
	}
}

// others returns the readings besides one.
func others(all []ID, but ID) []ID {
	var out []ID
	for _, id := range all {
		if id != but {
			out = append(out, id)
		}
	}
	return out
}

func winRateValue(r *reading, id ID) Figure {
	c := &r.closed
	n := c.won + c.lost
	switch sum := c.wonAmount.Add(c.lostAmount); {
	case n == 0:
		return noValue(id, 0, noneClosed)
	case c.lost > 0 && c.lostAmount.IsZero():
		return noValue(id, n, "all lost deals ("+grouped(intText(c.lost))+") have the amount 0: keep the last amount before they were lost")
	case c.wonAmount.Sign() < 0 || c.lostAmount.Sign() < 0:
		return noValue(id, n, "the amounts of the deals won, or of those lost, sum to less than 0")
	default:
		return quotient(id, c.wonAmount, sum, n, "the amounts of the deals won and lost sum to 0")
	}
}
