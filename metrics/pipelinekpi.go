package metrics

import (
	"github.com/salesops-go/salesops/internal/exact"
	"github.com/salesops-go/salesops/internal/multiset"
)

// The KPIs of the open pipeline. Those of a slice with a period are about the deals that are due in it.
const (
	OpenDeals            ID = "open_deals"             // how many are open
	PipelineValue        ID = "pipeline_value"         // what they are worth
	WeightedPipeline     ID = "weighted_pipeline"      // what they are worth, by chance
	PipelineCoverage     ID = "pipeline_coverage"      // pipeline over what is missing to the quota
	PipelineCoverageFull ID = "pipeline_coverage_full" // pipeline over the whole quota
	DealsCreated         ID = "deals_created"          // how many were created
	PipelineCreated      ID = "pipeline_created"       // what they are worth by now
	DealAge              ID = "deal_age"               // mean days since creation
	DealAgeMedian        ID = "deal_age_median"        // their median
	DealAgeP90           ID = "deal_age_p90"           // what one in ten exceeds
	DaysInStage          ID = "days_in_stage"          // median days in the present stage
	StaleShare           ID = "stale_share"            // without activity for long
	OverdueShare         ID = "overdue_share"          // past their due date
	HygieneShare         ID = "hygiene_share"          // kept as they should be
)

const noneOpen = "no deal is open"

func pipelineKPIs() []kpi {
	ages := []ID{DealAge, DealAgeMedian, DealAgeP90}
	age := func(id ID, name, formula string, st stat) kpi {
		return kpi{
			Definition: Definition{
				ID: id, Name: name, Formula: formula + " of as of − created of open deals", Unit: UnitDays, Better: Lower, Additivity: st.additivity(),
				Undefined: "no deal with a day of creation is open. Deals that live long are seen more often: it is no time to close", Source: "general use",
				Others: others(ages, id),
			},
			none: noneOpen, days: (*reading).ages, stat: st,
			note: func(r *reading, _ int64) string {
				if n := r.open.undated; n > 0 {
					return count(n, "open deal without a day of creation is", "open deals without a day of creation are") + " left out"
				}
				return ""
			},
		}
	}
	return []kpi{
		{
			Definition: Definition{
				ID: OpenDeals, Name: "Open deals", Formula: "number of open deals", Unit: UnitCount, Better: Higher, Additivity: SemiAdditive,
				Undefined: "never; 0 without deals", Source: "general use",
			},
			ratio: func(r *reading) (num, den exact.Num, n int64) {
				return exact.Int(r.open.deals), exact.Int(1), r.open.deals
			},
		},
		{
			Definition: Definition{
				ID: PipelineValue, Name: "Pipeline", Formula: "Σ amount of open deals", Unit: UnitMoney, Better: Higher, Additivity: SemiAdditive,
				Undefined: "never; 0 without deals", Source: "general use",
			},
			ratio: func(r *reading) (num, den exact.Num, n int64) { return r.open.amount, exact.Int(1), r.open.deals },
		},
		{
			Definition: Definition{
				ID: WeightedPipeline, Name: "Weighted pipeline", Formula: "Σ amount × chance of open deals", Unit: UnitMoney, Better: Higher,
				Additivity: SemiAdditive, Undefined: "an open deal has no chance", Source: "Salesforce, HubSpot",
			},
			figure: func(r *reading, id ID) Figure {
				if n := r.open.unweighted; n > 0 {
					return noValue(id, r.open.deals, count(n, "open deal has", "open deals have")+" no chance: set that of the stage")
				}
				return sumFigure(id, r.open.weighted, r.open.deals)
			},
		},
		{
			Definition: Definition{
				ID: PipelineCoverage, Name: "Pipeline coverage", Formula: "open pipeline ÷ (quota − credited)", Unit: UnitTimes, Better: Higher, Additivity: Proportional,
				Undefined: "no quota, or it is met, so that nothing is left to cover", Source: "Gong, winsabove", Others: []ID{PipelineCoverageFull, RequiredCoverage},
			},
			figure: func(r *reading, id ID) Figure {
				a := r.attained()
				missing := a.whole.quota.Sub(a.whole.credited)
				if why := a.none(); why != "" {
					return noValue(id, r.open.deals, why)
				}
				return quotient(id, r.open.amount, missing, r.open.deals, "the quota is met: nothing is left to cover")
			},
		},
		{
			Definition: Definition{
				ID: PipelineCoverageFull, Name: "Pipeline coverage of the whole quota", Formula: "open pipeline ÷ quota", Unit: UnitTimes, Better: Higher,
				Additivity: Proportional, Undefined: "no quota", Source: "KPI Tree, calclet", Others: []ID{PipelineCoverage, RequiredCoverage},
			},
			figure: func(r *reading, id ID) Figure {
				a := r.attained()
				if why := a.none(); why != "" {
					return noValue(id, r.open.deals, why)
				}
				return quotient(id, r.open.amount, a.whole.quota, r.open.deals, noneQuota)
			},
		},
		{
			Definition: Definition{
				ID: DealsCreated, Name: "Deals created", Formula: "number of deals created", Unit: UnitCount, Better: Higher, Additivity: Additive,
				Undefined: "never; 0 without deals", Source: "general use", Others: []ID{PipelineCreationCount},
			},
			problem: undated,
			ratio: func(r *reading) (num, den exact.Num, n int64) {
				return exact.Int(r.created.deals), exact.Int(1), r.created.deals
			},
		},
		{
			Definition: Definition{
				ID: PipelineCreated, Name: "Pipeline created", Formula: "Σ amount, as known by now, of deals created", Unit: UnitMoney, Better: Higher,
				Additivity: Additive, Undefined: "never; 0 without deals", Source: "general use", Others: []ID{PipelineCreation},
			},
			problem: undated,
			ratio:   func(r *reading) (num, den exact.Num, n int64) { return r.created.amount, exact.Int(1), r.created.deals },
		},
		age(DealAge, "Mean age of open deals", "mean", mean),
		age(DealAgeMedian, "Median age of open deals", "median", median),
		age(DealAgeP90, "90th percentile of the age of open deals", "0.9-quantile (type 7)", p90),
		{
			Definition: Definition{
				ID: DaysInStage, Name: "Days in stage", Formula: "median of as of − day of the last change of stage, of open deals", Unit: UnitDays,
				Better: Lower, Additivity: Distribution, Undefined: "no open deal says since when it has been in its stage", Source: "Salesforce, HubSpot",
			},
			none: "no open deal says since when it has been in its stage", stat: median,
			days: func(r *reading) *multiset.Set {
				return r.days("stages", func(c *cardCell) *multiset.Set {
					if c.open == nil {
						return nil
					}
					return &c.open.stages
				})
			},
			note: func(r *reading, _ int64) string {
				if n := r.open.unstaged; n > 0 {
					return count(n, "open deal that does not say is", "open deals that do not say are") + " left out"
				}
				return ""
			},
		},
		{
			Definition: Definition{
				ID: StaleShare, Name: "Stale deals", Formula: "open deals without activity for more than Options.Stale days ÷ open deals", Unit: UnitShare,
				Better: Lower, Additivity: Proportional, Undefined: "no deal is open; a deal without any activity is stale", Source: "general use",
			},
			none: noneOpen,
			shares: func(r *reading) (num, den int64) {
				return r.open.deals - r.active("idle", func(o *openFacts) *multiset.Set { return &o.idle }), r.open.deals
			},
		},
		{
			Definition: Definition{
				ID: OverdueShare, Name: "Overdue deals", Formula: "open deals that were due before as of ÷ open deals", Unit: UnitShare, Better: Lower,
				Additivity: Proportional, Undefined: "no deal is open", Source: "general use",
			},
			none:   noneOpen,
			shares: func(r *reading) (num, den int64) { return r.open.overdue, r.open.deals },
		},
		{
			Definition: Definition{
				ID: HygieneShare, Name: "Pipeline hygiene", Formula: "open deals with a due date to come, a next step, and activity within Options.Stale days ÷ open deals",
				Unit: UnitShare, Better: Higher, Additivity: Proportional, Undefined: "no deal is open", Source: "general use",
			},
			none: noneOpen,
			shares: func(r *reading) (num, den int64) {
				return r.active("tidy", func(o *openFacts) *multiset.Set { return &o.tidy }), r.open.deals
			},
		},
	}
}

// undated says that there are deals in the period, and none of them has a day of creation.
func undated(r *reading) string {
	closed := r.closed.won + r.closed.lost + r.closed.dropped
	none := r.closed.undated + r.open.undated
	if r.period.IsZero() || none == 0 || none < closed+r.open.deals || r.created.deals > 0 {
		return ""
	}
	return "no deal has a day of creation"
}

// ages returns the days since creation of open deals.
func (r *reading) ages() *multiset.Set {
	return r.days("ages", func(c *cardCell) *multiset.Set {
		if c.open == nil {
			return nil
		}
		return &c.open.ages
	})
}

// active returns how many have had an activity within the days of the options.
func (r *reading) active(name string, of func(*openFacts) *multiset.Set) (n int64) {
	all := r.days(name, func(c *cardCell) *multiset.Set {
		if c.open == nil {
			return nil
		}
		return of(c.open)
	})
	for _, run := range all.Runs() {
		if run.Value <= int64(r.o.Stale) {
			n += run.Count
		}
	}
	return n
}
