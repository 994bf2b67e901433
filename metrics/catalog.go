package metrics

import (
	"slices"
	"sync"
)

// Catalog returns the definitions of all KPIs of this package, by family: winning, cycles, sizes and velocity, the open pipeline,
// quotas, leads, activity, spread and concentration, which are read from a [Scorecard]; then those of types and functions of
// their own: linearity, ramp, changes of the pipeline, forecast error, recurring revenue, efficiency, growth.
func Catalog() []Definition {
	all := slices.Clone(theCatalog().all)
	for i := range all {
		all[i].Others = slices.Clone(all[i].Others)
	}
	return all
}

// Define returns the definition of a KPI; ok is false if there is none of that ID.
func Define(id ID) (d Definition, ok bool) {
	c := theCatalog()
	i, ok := c.at[id]
	if !ok {
		return Definition{}, false
	}
	d = c.all[i]
	d.Others = slices.Clone(d.Others)
	return d, true
}

// catalog is all KPIs.
type catalog struct {
	all  []Definition // first those of the card
	card []kpi        // those that are read from a card, in the same order
	at   map[ID]int
}

// theCatalog returns the catalogue, which takes a tenth of a millisecond to make.
var theCatalog = sync.OnceValue(func() *catalog { //nolint:gochecknoglobals // made on first use, and never changed
	c := &catalog{at: map[ID]int{}}
	c.card = slices.Concat(winKPIs(), cycleKPIs(), sizeKPIs(), pipelineKPIs(), attainmentKPIs(), leadKPIs(), workKPIs(), spreadKPIs(), sharedKPIs())
	for i := range c.card {
		d := &c.card[i].Definition
		if d.From == "" {
			d.From = "Scorecard"
		} else {
			d.From = "Scorecard, " + d.From
		}
		c.add(*d)
	}
	for _, d := range slices.Concat(
		linearityKPIs(), rampKPIs(), changeKPIs(), forecastErrorKPIs(), recurringKPIs(), efficiencyKPIs(), growthKPIs(),
	) {
		if _, shared := c.at[d.ID]; !shared {
			c.add(d)
		}
	}
	return c
})

func (c *catalog) add(d Definition) {
	c.at[d.ID] = len(c.all)
	c.all = append(c.all, d)
}
