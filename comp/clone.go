package comp

import (
	"maps"
	"slices"
)

// clone is a copy that shares nothing that can change.
func (p Plan) clone() Plan {
	p.Calendar.Holidays = slices.Clone(p.Calendar.Holidays)
	p.Calendar.Weekend = slices.Clone(p.Calendar.Weekend)
	p.Components = slices.Clone(p.Components)
	for i := range p.Components {
		p.Components[i] = p.Components[i].clone()
	}
	p.Limits = cloneLimits(p.Limits)
	p.Draws = slices.Clone(p.Draws)
	p.Holds = slices.Clone(p.Holds)
	for i := range p.Holds {
		p.Holds[i].Where = p.Holds[i].Where.clone()
		p.Holds[i].Parts = slices.Clone(p.Holds[i].Parts)
	}
	if p.Clawback != nil {
		c := *p.Clawback
		c.Shape = c.Shape.clone()
		p.Clawback = &c
	}
	return p
}

func (k Component) clone() Component {
	k.Measure.Where = k.Measure.Where.clone()
	k.Measure.Credits = slices.Clone(k.Measure.Credits)
	k.Measure.Lifts = slices.Clone(k.Measure.Lifts)
	for i := range k.Measure.Lifts {
		k.Measure.Lifts[i].Where = k.Measure.Lifts[i].Where.clone()
	}
	if k.Measure.Windfall != nil {
		w := *k.Measure.Windfall
		k.Measure.Windfall = &w
	}
	k.Curve = k.Curve.clone()
	if k.Grid != nil {
		g := *k.Grid
		g.Cols, g.Rows, g.Cells = slices.Clone(g.Cols), slices.Clone(g.Rows), slices.Clone(g.Cells)
		for i := range g.Cells {
			g.Cells[i] = slices.Clone(g.Cells[i])
		}
		k.Grid = &g
	}
	k.Gates = slices.Clone(k.Gates)
	for i := range k.Gates {
		k.Gates[i].Else = k.Gates[i].Else.clone()
	}
	k.Factors = slices.Clone(k.Factors)
	for i := range k.Factors {
		k.Factors[i].Curve = *k.Factors[i].Curve.clone()
	}
	k.Limits = cloneLimits(k.Limits)
	return k
}

func (c *Curve) clone() *Curve {
	if c == nil {
		return nil
	}
	copied := *c
	copied.Bands = slices.Clone(c.Bands)
	return &copied
}

func (m Match) clone() Match {
	m = maps.Clone(m)
	for k, v := range m {
		m[k] = slices.Clone(v)
	}
	return m
}

func cloneLimits(limits []Limit) []Limit {
	limits = slices.Clone(limits)
	for i := range limits {
		l := &limits[i]
		if l.Min != nil {
			v := *l.Min
			l.Min = &v
		}
		if l.Max != nil {
			v := *l.Max
			l.Max = &v
		}
	}
	return limits
}
