package metrics

// The KPIs of how reps become productive: see [Ramp], [RampEquivalents].
const (
	RampTime          ID = "ramp_time"            // until full quota, or what the options say
	RampTime80        ID = "ramp_time_80"         // until 80 % of quota
	RampTimeFirstDeal ID = "ramp_time_first_deal" // until the first deal
	RampTimeRule      ID = "ramp_time_rule"       // by the rule of thumb
	RampCurve         ID = "ramp_curve"           // productivity by period of tenure
	RepProductivity   ID = "rep_productivity"     // bookings for each ramped rep
)

// rampKPIs are the definitions of how reps become productive.
func rampKPIs() []Definition {
	return []Definition{
		{
			ID: RampTime, Name: "Ramp time", Unit: UnitPeriods, Better: Lower, Additivity: Distribution,
			Formula:   "median of the first period of tenure with bookings ÷ quota ≥ 100 % (Kaplan and Meier; other thresholds by option)",
			Undefined: "fewer than half of the reps have ramped while they were watched; those who have not, or left, are censored",
			Source:    "LevelEleven: time to 100 % of quota", From: "Ramp.Time",
			Others: []ID{RampTime80, RampTimeFirstDeal, RampTimeRule, RampCurve},
		},
		{
			ID: RampTime80, Name: "Ramp time (80 %)", Unit: UnitPeriods, Better: Lower, Additivity: Distribution,
			Formula:   "median of the first period of tenure with bookings ÷ quota ≥ 80 % (Kaplan and Meier)",
			Undefined: "fewer than half of the reps have ramped while they were watched; those who have not, or left, are censored",
			Source:    "MetricKit", From: "Ramp.Time",
			Others: []ID{RampTime, RampTimeFirstDeal, RampTimeRule, RampCurve},
		},
		{
			ID: RampTimeFirstDeal, Name: "Time to first deal", Unit: UnitPeriods, Better: Lower, Additivity: Distribution,
			Formula:   "median of the period of tenure of the first deal won (Kaplan and Meier)",
			Undefined: "fewer than half of the reps have won a deal while they were watched; those who have not are censored",
			Source:    "salesops: a common proxy of ramp time", From: "Ramp.TimeToFirstDeal",
			Others: []ID{RampTime, RampTime80, RampTimeRule},
		},
		{
			ID: RampTimeRule, Name: "Ramp time (rule of thumb)", Unit: UnitDays, Better: Lower, Additivity: Distribution,
			Formula:   "mean sales cycle + 90 days",
			Undefined: "the cycle is negative or not known",
			Source:    "Sales Readiness Group, in LevelEleven 2016", From: "RampRule",
			Others: []ID{RampTime, RampTime80, RampTimeFirstDeal},
		},
		{
			ID: RampCurve, Name: "Ramp curve", Unit: UnitShare, Better: Higher, Additivity: Proportional,
			Formula:   "mean bookings of a rep in a period of tenure ÷ mean bookings of a rep in a period at steady state",
			Undefined: "no rep has reached the steady state, or it is not above 0; those who left count while they were there",
			Source:    "Kellblog: the rep ramp chart", From: "Ramp.Curve",
			Others: []ID{RampTime, RampTime80},
		},
		{
			ID: RepProductivity, Name: "Productivity per ramped rep", Unit: UnitMoneyPerRep, Better: Higher, Additivity: Proportional,
			Formula:   "bookings ÷ Σ (ramp weight × share of the days of the period)",
			Undefined: "there are no ramped-rep equivalents",
			Source:    "Kellblog: ramped-rep equivalents", From: "ProductivityPerRep",
		},
	}
}
