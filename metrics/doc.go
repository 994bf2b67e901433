// Package metrics answers how a sales team is doing: the KPIs of sales operations, each with its definition, its
// uncertainty, and a value only where there is one.
//
//	card, err := metrics.NewScorecard(metrics.Rules{AsOf: now})
//	for _, d := range deals {
//		err := card.AddDeal(d) // and AddQuota, AddLead, AddActivity, AddWorkday, AddRep, as far as there are such rows
//	}
//	quarter, err := card.Select(metrics.Filter{Period: q3})
//	rate, err := quarter.Figure(metrics.WinRate, metrics.Options{})
//	fmt.Println(rate) // Win rate 45.1 % (35.2 % to 55.3 %), n = 91
//	reps, err := quarter.CompareBy(metrics.ByOwner, metrics.WinRate, metrics.Options{}, metrics.Evidence{})
//	for _, rep := range reps {
//		fmt.Println(rep) // beside the rest: better, worse, or no evidence of either
//	}
//
// # Scorecard
//
// A [Scorecard] takes the rows once, each by itself, and keeps counts and sums by rep, team, segment and period. Any KPI is
// then read by its [ID], for everybody or for a [Slice]: the rows are not needed any more. What is counted is exact, so the
// order of rows does not show, and cards of days, regions or machines merge into that of the whole.
//
// # Figures
//
// A KPI is a [Figure]: the value, the exact numerator and denominator, how many observations are behind it, the interval where
// the data tell one, and notes on what was left out. Where there is nothing to divide by, it has no value but a reason; it is
// never 0 instead. [Catalog] has the [Definition] of each KPI: formula, unit, which direction is better, how parts make the
// whole, when it is undefined, whose it is, and which other readings there are. docs/metrics.md lists them.
//
// A difference of two figures is a [Comparison], of two KPIs of a card a [Contrast], and says whether it may be chance. [Unclear]
// is the usual answer, and an answer.
//
// # Entry points
//
//	Scorecard, Slice, Filter           one pass over rows; KPIs by ID for any rep, team, segment, period
//	Catalog, Define, Figure            what a KPI is; what it comes to, or why it has no value
//	Slice.CompareTo, Slice.CompareBy   with last quarter, with a target, each rep with the rest
//	Changes                            slippage, pushes, pull-ins, created pipeline: from two snapshots
//	Linearity, ForecastError           is the quarter even, how far off are forecasts
//	Ramp, RampEquivalents              how new reps become productive, and how many reps a team is worth
//	Recurring, Contract, ActiveARR     MRR, ARR, retention, churn
//	Efficiency                         CAC, payback, lifetime value, magic number
//	Growth, LeadVelocity, MixRate      growth, and what of it is mix
//	CompareShares, CompareSamples      two shares, means or samples; Judge, BenjaminiHochberg: when many are compared
//	Homogeneity, CompareToRest         do reps differ at all, and which of them
//	Ratio, Wilson                      a quotient as its parts; the interval of a share
//	Moments, Sample, QuantileOf        mean, spread and quantiles of numbers, exact, or within a bound that is told
//	Totals, Distinct                   sums by key with HHI and Gini coefficient; how many different ones
//
// Those from Changes on need no card. All that has a Merge is an accumulator: its zero value holds nothing, parts merge into
// exactly the whole, and equal contents have equal bytes in binary and JSON. Where nothing is forgotten, Sub takes a part away
// again; cards, samples and distinct counts have none. Decoding takes nothing on trust.
//
// # Where the field disagrees
//
// docs/semantics-metrics.md lists the readings: six win rates, four velocities, quota attainment, coverage, pushes, ramp
// time, retention, magic numbers. Each reading is an ID or an option of its own, so that no two numbers share a name.
//
// # Limits of input
//
// Decimals must have an exponent within ±18 and at most 36 digits. Amounts of different currencies never meet. Floats must be
// finite, and stand for their shortest decimal. Periods of a card consist of whole units of its [Rules]. Functions do not keep
// or change their arguments and read no clock; all but accumulators that change are safe for concurrent use.
//
// # Errors
//
// Every error wraps [ErrInput], [ErrMismatch], [ErrUndefined] or [ErrEncoding] and is, or joins, [*Error] values, which name
// the record and the path of the value and say how to mend it. Nothing panics on data.
package metrics
