package metrics

import "slices"

// Catalog returns the definitions of all KPIs of this package, by family: attainment, winning, cycles, sizes, pipeline, leads,
// activity, people, growth, recurring revenue, efficiency.
func Catalog() []Definition {
	return slices.Concat[[]Definition]()
}

// Define returns the definition of a KPI; ok is false if there is none of that ID.
func Define(id ID) (d Definition, ok bool) {
	all := Catalog()
	if i := slices.IndexFunc(all, func(d Definition) bool { return d.ID == id }); i >= 0 {
		return all[i], true
	}
	return Definition{}, false
}
