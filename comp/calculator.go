package comp

import (
	"slices"
	"sync"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/internal/exact"
)

// Calculator pays by one plan. Make it once with [New]; it does not change and
// is safe for concurrent use.
type Calculator struct {
	plan   Plan
	every  salesops.Unit
	places int32
	mode   exact.Mode
	comps  []component
	limits []limit
	claw   *clawback
	pool   sync.Pool // of *scratch
}

// component is a Component made ready.
type component struct {
	*Component
	ref     string // JSON pointer
	on      Event
	reset   Window
	curve   *table     // nil with a grid
	grid    *gridTable // nil with a curve
	gates   []gate
	factors []factor
	across  int
	linked  []int // the components that gates, factors and grid read, but for itself
	lifts   []lift
	common  exact.Num // product of the lifts' Credit weights
	weight  exact.Num
	perDeal []limit
	limits  []limit
}

type gate struct {
	*Gate
	ref   string
	of    int
	reach *table // one band: is it reached
	shut  *table // nil pays nothing
}

type factor struct {
	of    int
	ref   string
	table *table
}

type lift struct {
	where       Match
	ref         string
	credit, pay exact.Num
	// scale turns what a move of the position pays into what the credit pays,
	// over the component's common denominator.
	scale exact.Num
}

type limit struct {
	*Limit
	ref       string
	component string
	key       string // names the limit in line IDs
	per       Window
	kind      Kind
}

type clawback struct {
	*Clawback
	shape *table
}

// New returns the calculator of a plan. It keeps a copy of the plan, so that
// later changes to the argument do not reach it.
//
// New returns an error if:
//   - [Plan.Check] reports a problem that is not a warning; the error joins one
//     [*Error] for each, up to 20
func New(plan Plan) (*Calculator, error) {
	if err := refuse(plan.Check(), 0); err != nil {
		return nil, err
	}
	c := &Calculator{plan: plan.clone()}
	c.every = plan.Every
	if c.every == "" {
		c.every = salesops.Month
	}
	c.places, c.mode = c.plan.Rounding.rule()
	index := make(map[string]int, len(c.plan.Components))
	for i := range c.plan.Components {
		index[c.plan.Components[i].ID] = i
	}
	for i := range c.plan.Components {
		c.comps = append(c.comps, compileComponent(&c.plan.Components[i], "/components/"+itoa(i), index))
	}
	for i := range c.plan.Limits {
		c.limits = append(c.limits, compileLimit(&c.plan.Limits[i], "", "/limits", i))
	}
	if cb := c.plan.Clawback; cb != nil {
		c.claw = &clawback{Clawback: cb}
		if cb.Shape != nil {
			c.claw.shape = compile(cb.Shape, "/clawback/shape")
		}
	}
	return c, nil
}

// Plan returns a copy of the calculator's plan.
func (c *Calculator) Plan() Plan { return c.plan.clone() }

func compileComponent(s *Component, ref string, index map[string]int) component {
	k := component{Component: s, ref: ref, on: s.Measure.On, reset: s.Measure.Reset, across: -1, common: exact.Int(1), weight: exact.Int(1)}
	if k.on == "" {
		k.on = Booking
	}
	if k.reset == "" {
		k.reset = PerPeriod
	}
	if !s.Weight.IsZero() {
		k.weight = exact.From(s.Weight)
	}
	if s.Curve != nil {
		k.curve = compile(s.Curve, ref+"/curve")
	}
	if s.Grid != nil {
		k.grid, k.across = compileGrid(s.Grid), index[s.Across]
	}
	for i := range s.Gates {
		g := &s.Gates[i]
		at := ref + "/gates/" + itoa(i)
		reach := compile(&Curve{Mode: Step, Edge: g.Edge, Bands: []Band{{From: g.Reach, Pay: decimal.New(1, 0)}}}, at)
		compiled := gate{Gate: g, ref: at, of: index[g.Of], reach: reach}
		if g.Else != nil {
			compiled.shut = compile(g.Else, at+"/else")
		}
		k.gates = append(k.gates, compiled)
	}
	for i := range s.Factors {
		at := ref + "/factors/" + itoa(i)
		k.factors = append(k.factors, factor{of: index[s.Factors[i].Of], ref: at, table: compile(&s.Factors[i].Curve, at+"/curve")})
	}
	k.link(index)
	k.compileLifts()
	for i := range s.Limits {
		l := compileLimit(&s.Limits[i], s.ID, ref+"/limits", i)
		if l.per == PerDeal {
			k.perDeal = append(k.perDeal, l)
		} else {
			k.limits = append(k.limits, l)
		}
	}
	return k
}

// link lists the other components that this one reads.
func (k *component) link(index map[string]int) {
	add := func(of int) {
		if of >= 0 && of != index[k.ID] && !slices.Contains(k.linked, of) {
			k.linked = append(k.linked, of)
		}
	}
	for i := range k.gates {
		add(k.gates[i].of)
	}
	for i := range k.factors {
		add(k.factors[i].of)
	}
	add(k.across)
}

func (k *component) compileLifts() {
	for i, l := range k.Measure.Lifts {
		k.lifts = append(k.lifts, lift{
			where: l.Where, ref: k.ref + "/measure/lifts/" + itoa(i),
			credit: exact.From(l.Credit), pay: exact.From(l.Pay),
		})
		if !l.Credit.IsZero() && !l.Credit.Equal(l.Pay) {
			k.common = k.common.Mul(exact.From(l.Credit))
		}
	}
	for i := range k.lifts {
		l := &k.lifts[i]
		l.scale = k.common
		if l.credit.Cmp(l.pay) != 0 && !l.credit.IsZero() {
			l.scale = l.pay
			for j, other := range k.Measure.Lifts {
				if j != i && !other.Credit.IsZero() && !other.Credit.Equal(other.Pay) {
					l.scale = l.scale.Mul(exact.From(other.Credit))
				}
			}
		}
	}
}

func compileLimit(s *Limit, component, ref string, i int) limit {
	l := limit{Limit: s, component: component, ref: ref + "/" + itoa(i), key: itoa(i), per: s.Per, kind: Capped}
	if l.per == "" {
		l.per = PerPeriod
	}
	if s.Excess == Defer {
		l.kind = Deferred
	}
	return l
}

// rule resolves the defaults of rounding.
func (r Rounding) rule() (places int32, mode exact.Mode) {
	places = 2
	if !r.Unit.IsZero() {
		places = 0
		for unit := exact.From(r.Unit); unit.Cmp(exact.New(1, -places)) < 0; {
			places++
		}
		for unit := exact.From(r.Unit); unit.Cmp(exact.New(1, -places)) > 0; {
			places--
		}
	}
	switch r.Mode {
	case HalfEven:
		mode = exact.HalfEven
	case Down:
		mode = exact.Down
	default:
		mode = exact.HalfUp
	}
	return places, mode
}

// window returns the window of a kind that holds a date.
func (c *Calculator) window(w Window, d salesops.Date) salesops.Period {
	switch w {
	case PerPlan:
		return c.plan.Span
	case PerPeriod, "":
		return c.plan.Calendar.Period(c.every, d)
	default:
		return c.plan.Calendar.Period(salesops.Unit(w), d)
	}
}

// money rounds an exact fraction to the plan's unit.
func (c *Calculator) money(n, den exact.Num) exact.Num {
	v, _ := exact.Quo(n, den, c.places, c.mode)
	return v
}
