package metrics

import "slices"

// Catalog returns the definitions of all KPIs of this package, by family: winning, cycles, sizes and velocity, the open pipeline,
// quotas, leads, activity, spread and concentration, which are read from a [Scorecard]; then those of types and functions of their own.
func Catalog() []Definition {
	card := cardKPIs()
	all := make([]Definition, len(card))
	for i, k := range card {
		all[i] = k.Definition
	}
	return slices.Concat(all, changeKPIs(), linearityKPIs(), forecastErrorKPIs(), rampKPIs(), recurringKPIs(), efficiencyKPIs(), growthKPIs())
}

// Define returns the definition of a KPI; ok is false if there is none of that ID.
func Define(id ID) (d Definition, ok bool) {
	all := Catalog()
	if i := slices.IndexFunc(all, func(d Definition) bool { return d.ID == id }); i >= 0 {
		return all[i], true
	}
	return Definition{}, false
}

// cardKPIs returns the KPIs that are read from a card.
func cardKPIs() []kpi {
	all := slices.Concat(winKPIs(), cycleKPIs(), sizeKPIs(), pipelineKPIs(), attainmentKPIs(), leadKPIs(), workKPIs(), spreadKPIs())
	for i := range all {
		all[i].From = "Scorecard"
	}
	return all
}
