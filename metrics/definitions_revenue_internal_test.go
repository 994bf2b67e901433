package metrics

import (
	"slices"
	"testing"
)

// Every KPI of these families has a whole definition, and readings know each other.
func TestDefinitions_revenue(t *testing.T) {
	all := slices.Concat(recurringKPIs(), efficiencyKPIs(), growthKPIs())
	find := func(id ID) (Definition, bool) {
		i := slices.IndexFunc(all, func(d Definition) bool { return d.ID == id })
		if i < 0 {
			return Definition{}, false
		}
		return all[i], true
	}
	for i, d := range all {
		for _, field := range []string{
			string(d.ID), d.Name, d.Formula, string(d.Unit), string(d.Better), string(d.Additivity), d.Undefined, d.Source, d.From,
		} {
			if field == "" {
				t.Errorf("%s lacks a field: %+v", d.ID, d)
			}
		}
		if slices.ContainsFunc(all[:i], func(e Definition) bool { return e.ID == d.ID || e.Name == d.Name }) {
			t.Errorf("%s (%s) is there twice", d.ID, d.Name)
		}
		for _, o := range d.Others {
			other, ok := find(o)
			if !ok || !slices.Contains(other.Others, d.ID) {
				t.Errorf("%s names %s, which does not name it", d.ID, o)
			}
		}
	}
}
