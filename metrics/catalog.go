package metrics

import "slices"

// Catalog returns the definitions of all KPIs of this package, by family: winning, cycles, sizes and velocity, the open pipeline,
// quotas, leads, activity, spread and concentration, which are read from a [Scorecard]; then those of types and functions of
// their own: changes of the pipeline, linearity, forecast error, ramp, recurring revenue, efficiency, growth.
func Catalog() []Definition {
	all := make([]Definition, 0, 160)
	card := cardKPIs()
	for _, k := range card {
		all = append(all, k.Definition)
	}
	for _, d := range slices.Concat(
		changeKPIs(), linearityKPIs(), forecastErrorKPIs(), rampKPIs(), recurringKPIs(), efficiencyKPIs(), growthKPIs(),
	) {
		if !slices.ContainsFunc(card, func(k kpi) bool { return k.ID == d.ID }) {
			all = append(all, d)
		}
	}
	return all
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
	all := slices.Concat(winKPIs(), cycleKPIs(), sizeKPIs(), pipelineKPIs(), attainmentKPIs(), leadKPIs(), workKPIs(), spreadKPIs(), sharedKPIs())
	for i := range all {
		if from := &all[i].From; *from == "" {
			*from = "Scorecard"
		} else {
			*from = "Scorecard, " + *from
		}
	}
	return all
}
