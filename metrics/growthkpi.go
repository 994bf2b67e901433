package metrics

// The KPIs of growth.
const (
	GrowthRate            ID = "growth"                   // change as a share of the earlier amount
	YearOverYear          ID = "growth_yoy"               // the same against the period a year before
	CAGR                  ID = "cagr"                     // compound annual growth rate
	CMGR                  ID = "cmgr"                     // compound monthly growth rate
	LeadVelocityRate      ID = "lead_velocity_rate"       // growth of qualified leads from month to month
	LeadVelocityRateDaily ID = "lead_velocity_rate_daily" // the same per day of the months
	RateEffect            ID = "rate_effect"              // change of an overall rate that comes from the rates of segments
	MixEffect             ID = "mix_effect"               // change of an overall rate that comes from the weights of segments
)

// growthKPIs defines the KPIs of growth.
func growthKPIs() []Definition {
	return []Definition{
		{
			ID: GrowthRate, Name: "Growth",
			Formula: "(to − from) ÷ |from|",
			Unit:    UnitShare, Better: Higher, Additivity: Proportional,
			Undefined: "the earlier amount is 0; a change of sign is noted",
			Source:    "arithmetic", From: "Growth.Rate",
			Others: []ID{YearOverYear, CAGR, CMGR},
		},
		{
			ID: YearOverYear, Name: "Growth over the year",
			Formula: "(to − from) ÷ |from|, from being the same period a year before",
			Unit:    UnitShare, Better: Higher, Additivity: Proportional,
			Undefined: "the earlier amount is 0; a change of sign is noted",
			Source:    "arithmetic", From: "Growth.YearOverYear",
			Others: []ID{GrowthRate, CAGR, CMGR},
		},
		{
			ID: CAGR, Name: "Compound annual growth rate",
			Formula: "(to ÷ from)^(1 ÷ years) − 1",
			Unit:    UnitShare, Better: Higher, Additivity: Distribution,
			Undefined: "an amount or the years are not above 0",
			Source:    "OpenFormula (RRI)", From: "Growth.CAGR",
			Others: []ID{CMGR, GrowthRate, YearOverYear},
		},
		{
			ID: CMGR, Name: "Compound monthly growth rate",
			Formula: "(to ÷ from)^(1 ÷ months) − 1",
			Unit:    UnitShare, Better: Higher, Additivity: Distribution,
			Undefined: "an amount or the months are not above 0",
			Source:    "OpenFormula (RRI)", From: "Growth.CMGR",
			Others: []ID{CAGR, GrowthRate, YearOverYear},
		},
		{
			ID: LeadVelocityRate, Name: "Lead velocity rate",
			Formula: "(qualified leads − those of the month before) ÷ those of the month before",
			Unit:    UnitShare, Better: Higher, Additivity: Proportional,
			Undefined: "no lead was qualified in the month before",
			Source:    "Lemkin", From: "LeadVelocity",
			Others: []ID{LeadVelocityRateDaily},
		},
		{
			ID: LeadVelocityRateDaily, Name: "Lead velocity rate per day",
			Formula: "(qualified leads ÷ days − those of the month before) ÷ those of the month before",
			Unit:    UnitShare, Better: Higher, Additivity: Proportional,
			Undefined: "no lead was qualified in the month before, or a month has no days",
			Source:    "Lemkin", From: "LeadVelocityPerDay",
			Others: []ID{LeadVelocityRate},
		},
		{
			ID: RateEffect, Name: "Rate effect",
			Formula: "Σ mean weight × change of rate",
			Unit:    UnitShare, Better: Higher, Additivity: SemiAdditive,
			Undefined: "a period has no denominators; a segment empty in a period has a rate effect of 0",
			Source:    "Kitagawa", From: "MixRate",
			Others: []ID{MixEffect},
		},
		{
			ID: MixEffect, Name: "Mix effect",
			Formula: "Σ (mean rate − mean overall rate) × change of weight",
			Unit:    UnitShare, Better: Higher, Additivity: SemiAdditive,
			Undefined: "a period has no denominators; a segment empty in a period has all its effect here",
			Source:    "Kitagawa", From: "MixRate",
			Others: []ID{RateEffect},
		},
	}
}
