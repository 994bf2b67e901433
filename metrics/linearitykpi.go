package metrics

// The KPIs of how evenly bookings come in: see [Linearity].
const (
	LinearityLastShare ID = "linearity_last_share" // share of the last sub-period
	LinearityIndex     ID = "linearity_index"      // evenness, every sub-period alike
	LinearityIndexDays ID = "linearity_index_days" // evenness, sub-periods weighted by their days
	LinearityGini      ID = "linearity_gini"       // Gini coefficient over the sub-periods
)

// linearityKPIs are the definitions of the figures of [Linearity].
func linearityKPIs() []Definition {
	return []Definition{
		{
			ID: LinearityLastShare, Name: "Linearity (last share)", Unit: UnitShare, Better: Lower, Additivity: Proportional,
			Formula:   "bookings of the last sub-period ÷ bookings of the period",
			Undefined: "the bookings do not sum to more than 0; with refunds it may be negative or exceed 1",
			Source:    "Winsabove", From: "Linearity.LastShare",
			Others: []ID{LinearityIndex, LinearityGini},
		},
		{
			ID: LinearityIndex, Name: "Linearity index", Unit: UnitIndex, Better: Higher, Additivity: Distribution,
			Formula:   "1 − ½ × Σ |share of sub-period − 1 ÷ m|, over m sub-periods",
			Undefined: "the bookings do not sum to more than 0",
			Source:    "salesops: 1 less the Hoover index, E. M. Hoover 1936, doi:10.2307/1927875", From: "Linearity.Index",
			Others: []ID{LinearityIndexDays, LinearityLastShare, LinearityGini},
		},
		{
			ID: LinearityIndexDays, Name: "Linearity index (by days)", Unit: UnitIndex, Better: Higher, Additivity: Distribution,
			Formula:   "1 − ½ × Σ |share of sub-period − days of sub-period ÷ days of period|",
			Undefined: "the bookings do not sum to more than 0",
			Source:    "salesops: the linearity index where sub-periods are not equally long", From: "Linearity.IndexByDays",
			Others: []ID{LinearityIndex},
		},
		{
			ID: LinearityGini, Name: "Linearity (Gini)", Unit: UnitIndex, Better: Lower, Additivity: Distribution,
			Formula:   "ΣΣ |x − y| over all pairs of sub-periods ÷ (2 × m × Σ x), over m sub-periods",
			Undefined: "the bookings do not sum to more than 0, or those of a sub-period are negative; it is 1 − 1 ÷ m at most",
			Source:    "Winsabove", From: "Linearity.Gini",
			Others: []ID{LinearityIndex, LinearityLastShare},
		},
	}
}
