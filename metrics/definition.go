package metrics

// ID names a KPI of the [Catalog]: "win_rate". Readings that differ have different IDs.
type ID string

// Definition says what a KPI is, so that an application can show it beside the number.
type Definition struct {
	// ID names the KPI.
	ID ID `json:"id"`
	// Name is what people call it: "Win rate".
	Name string `json:"name"`
	// Formula says how it is computed: "won ÷ (won + lost)".
	Formula string `json:"formula"`
	// Unit is the unit of its value.
	Unit Unit `json:"unit"`
	// Better says which direction is better.
	Better Direction `json:"better"`
	// Additivity says how the values of parts make that of the whole.
	Additivity Additivity `json:"additivity"`
	// Undefined says when it has no value, and which cases at the edge count how.
	Undefined string `json:"undefined"`
	// Source says whose definition it is.
	Source string `json:"source"`
	// From is what computes it: "Scorecard", of which [Slice.Figure] reads it by its ID, or a function or method of this package,
	// such as "Recurring.NRR", or both: "Scorecard, Linearity.Gini".
	From string `json:"from"`
	// Others are other readings of the same name, under their own IDs.
	Others []ID `json:"others,omitempty"`
}

// Unit is the unit of a KPI.
type Unit string

// The units.
const (
	UnitShare        Unit = "share"       // a part of a whole, 0.5 for 50 %; may exceed 1 where the formula says so
	UnitTimes        Unit = "times"       // how many times one amount is another
	UnitIndex        Unit = "index"       // a number without a unit, such as a Gini coefficient
	UnitCount        Unit = "count"       // how many
	UnitMoney        Unit = "money"       // an amount in the currency of the data
	UnitMoneyPerDay  Unit = "money/day"   // an amount for each calendar day
	UnitMoneyPerYear Unit = "money/year"  // an amount for each year
	UnitMoneyPerRep  Unit = "money/rep"   // an amount for each rep
	UnitPerRepDay    Unit = "per rep-day" // how many for each rep and day worked
	UnitDays         Unit = "days"        // calendar days
	UnitMinutes      Unit = "minutes"     // ticks of the clock of leads, which counts minutes unless the rules have another
	UnitMonths       Unit = "months"      // calendar months
	UnitPeriods      Unit = "periods"     // of tenure, whatever their length
)

// Direction says which way a KPI gets better.
type Direction string

// The directions.
const (
	Higher  Direction = "higher"  // the more, the better
	Lower   Direction = "lower"   // the less, the better
	Neither Direction = "neither" // depends on what is wanted
)

// Additivity says what becomes of a KPI when parts are put together.
type Additivity string

// The kinds of additivity.
const (
	Additive     Additivity = "additive"      // parts add up, whatever they are parts of
	SemiAdditive Additivity = "semi-additive" // parts add up, but not over time: a stock, of which the latest counts
	Proportional Additivity = "ratio"         // numerators and denominators add up
	Distribution Additivity = "distribution"  // the values themselves must be put together: medians, quantiles, indices of inequality
	Distinctness Additivity = "distinct"      // the same one may be in several parts, and counts once
)
