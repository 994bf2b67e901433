package comp

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/internal/exact"
)

// Problem is something wrong, or worth a second look, in a plan.
type Problem struct {
	// Path is a JSON pointer into the plan document.
	Path string `json:"path"`
	// Code is one of the Problem codes below; it does not change with the wording.
	Code string `json:"code"`
	// Text says what is wrong and how to mend it.
	Text string `json:"text"`
	// Warning marks what does not keep the plan from being used.
	Warning bool `json:"warning,omitempty"`
}

// The codes of a [Problem].
const (
	CodeSyntax      = "syntax"       // not JSON, not the right type, too large
	CodeUnknown     = "unknown"      // a field, a word or a name that does not exist
	CodeRequired    = "required"     // something is missing
	CodeDuplicate   = "duplicate"    // a name is used twice
	CodeRange       = "range"        // a number is out of its range
	CodeOrder       = "order"        // bounds do not rise, or dates are the wrong way round
	CodeConflict    = "conflict"     // two settings that do not go together
	CodeShares      = "shares"       // shares that do not sum to 1
	CodeCliff       = "cliff"        // warning: one unit more is worth a lot
	CodeMonotone    = "not-monotone" // warning: selling more can pay less
	CodeUnreachable = "unreachable"  // warning: something that can never apply
	CodeCycle       = "cycle"        // warning: gates that wait for each other
)

// maxSpan is the longest span of a plan, in years.
const maxSpan = 100

// Bounds of lists, far above what people can read, which keep the work of Check
// and of a Calculator in proportion.
const (
	maxParts = 1000 // components, limits, draws, holds, gates, factors, bands, bounds of a grid
	maxLifts = 100
)

// Check tells all that is wrong with the plan, in the order of the document: what
// makes [New] refuse it, and warnings, of cliffs and of pay that falls when sales
// rise (in the curves that pay, not in factors and grids), of parts that can never apply, of gates that wait for each other, of
// weights that do not sum to 1. A plan without problems other than warnings never
// makes [Calculator.Calculate] fail.
func (p Plan) Check() []Problem {
	c := checker{ids: make(map[string]int, len(p.Components))}
	c.plan(&p)
	inOrder(c.list)
	return c.list
}

// checker collects problems.
type checker struct {
	list []Problem
	ids  map[string]int
}

func (c *checker) add(code, path, format string, args ...any) {
	c.list = append(c.list, Problem{Path: path, Code: code, Text: fmt.Sprintf(format, args...)})
}

func (c *checker) warn(code, path, format string, args ...any) {
	c.list = append(c.list, Problem{Path: path, Code: code, Text: fmt.Sprintf(format, args...), Warning: true})
}

// number checks the bounds of a decimal.
func (c *checker) number(path string, d decimal.Decimal) bool {
	if !exact.Bounded(d) {
		c.add(CodeRange, path, "is out of bounds: use an exponent within ±18 and at most 36 digits")
		return false
	}
	return true
}

// few checks the length of a list; one that is too long is not looked at.
func few[T any](c *checker, path string, list []T, most int) []T {
	if len(list) <= most {
		return list
	}
	c.add(CodeRange, path, "has %d elements; at most %d are allowed", len(list), most)
	return nil
}

// name checks a name that state and JSON must hold.
func (c *checker) name(path, v string) {
	if !utf8.ValidString(v) || strings.ContainsRune(v, utf8.RuneError) {
		c.add(CodeSyntax, path, "is not UTF-8; write the text anew")
	}
}

// match checks that every key of a match has values.
func (c *checker) match(path string, m Match) {
	for _, key := range slices.Sorted(maps.Keys(m)) {
		if len(m[key]) == 0 {
			c.add(CodeRequired, path+"/"+escape(clip(key)), "lists no values, so nothing matches; list some, or remove the key")
		}
	}
}

// positive checks that a decimal is not negative.
func (c *checker) positive(path string, d decimal.Decimal) bool {
	if !c.number(path, d) {
		return false
	}
	if d.IsNegative() {
		c.add(CodeRange, path, "is %s; it must not be negative", show(d))
		return false
	}
	return true
}

// share checks that a decimal is between 0 and 1.
func (c *checker) share(path string, d decimal.Decimal) bool {
	if !c.number(path, d) {
		return false
	}
	if d.IsNegative() || d.GreaterThan(decimal.New(1, 0)) {
		c.add(CodeRange, path, "is %s; it must be between 0 and 1", show(d))
		return false
	}
	return true
}

// word checks a value against the words it may have; "" stands for the default.
func word[T ~string](c *checker, path string, v T, words ...T) {
	if v == "" || slices.Contains(words, v) {
		return
	}
	list := make([]string, len(words))
	for i, w := range words {
		list[i] = string(w)
	}
	c.add(CodeUnknown, path, "is %q; use %s", clip(string(v)), strings.Join(list, ", "))
}

func (c *checker) span(path string, p salesops.Period) {
	if p.Check() != nil || p.IsEmpty() {
		c.add(CodeOrder, path, "ends before it starts, or on the same day: %s", p)
	}
}

func (c *checker) plan(p *Plan) {
	q := *p // with the lists that are too long left out
	p = &q
	all := len(p.Components)
	p.Components = few(c, "/components", p.Components, maxParts)
	p.Limits = few(c, "/limits", p.Limits, maxParts)
	p.Draws = few(c, "/draws", p.Draws, maxParts)
	p.Holds = few(c, "/holds", p.Holds, maxParts)
	c.name("/id", p.ID)
	if p.ID == "" {
		c.add(CodeRequired, "/id", "must be set; terms and state refer to the plan by it")
	}
	if p.Version < 0 {
		c.add(CodeRange, "/version", "is %d; it must not be negative", p.Version)
	}
	if p.Currency == "" {
		c.add(CodeRequired, "/currency", "must be set, for example to USD")
	} else if !isCurrency(p.Currency) {
		c.warn(CodeUnknown, "/currency", "is %q, which is not a code of three capital letters such as USD (ISO 4217)", clip(p.Currency))
	}
	switch days, ok := p.Span.Days(); {
	case !ok:
		c.add(CodeRequired, "/span", "must have a start and an end")
	case days <= 0:
		c.add(CodeOrder, "/span", "ends before it starts, or on the same day: %s", p.Span)
	case days > maxSpan*366:
		c.add(CodeRange, "/span", "is longer than %d years", maxSpan)
	case p.Span.Start.Year() < 1000, p.Span.End.Year() > 9000:
		c.add(CodeRange, "/span", "is %s; it must lie between the years 1000 and 9000", p.Span)
	}
	if p.Every != "" && !p.Every.Valid() {
		c.add(CodeUnknown, "/every", "is %q; use week, month, quarter, half or year", clip(string(p.Every)))
	}
	if err := p.Calendar.Check(); err != nil {
		c.add(CodeRange, "/calendar", "%s", strings.ReplaceAll(err.Error(), "\n", "; "))
	}
	for i := range p.Components {
		id := p.Components[i].ID
		path := fmt.Sprintf("/components/%d/id", i)
		first, used := c.ids[id]
		c.name(path, id)
		switch {
		case id == "":
			c.add(CodeRequired, path, "must be set")
		case strings.Contains(id, "#"):
			c.add(CodeRange, path, "must not contain #, which line IDs use for limits")
		case used:
			c.add(CodeDuplicate, path, "is also the ID of component %d; give each its own", first)
		default:
			c.ids[id] = i
		}
	}
	if all == 0 {
		c.add(CodeRequired, "/components", "must have at least one component")
	}
	for i := range p.Components {
		c.component(p, i)
	}
	c.weights(p)
	c.cycles(p)
	for i := range p.Limits {
		c.limit(p, fmt.Sprintf("/limits/%d", i), &p.Limits[i], false)
	}
	c.draws("/draws", p.Draws)
	for i := range p.Holds {
		c.hold(fmt.Sprintf("/holds/%d", i), &p.Holds[i])
		if i > 0 && len(p.Holds[i-1].Where) == 0 {
			c.warn(CodeUnreachable, fmt.Sprintf("/holds/%d", i), "never applies: the hold before it matches every deal; put it first")
		}
	}
	if p.Clawback != nil {
		c.clawback(p.Clawback)
	}
	word(c, "/negative", p.Negative, Carry, Charge)
	c.rounding(p.Rounding)
}

// isCurrency reports whether s looks like a code of ISO 4217.
func isCurrency(s string) bool {
	return len(s) == 3 && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

func (c *checker) component(p *Plan, i int) {
	k := &p.Components[i]
	path := fmt.Sprintf("/components/%d", i)
	c.span(path+"/span", k.Span)
	if !k.Span.IsZero() && !k.Span.IsEmpty() && !p.Span.IsEmpty() && !k.Span.Overlaps(p.Span) {
		c.warn(CodeUnreachable, path+"/span", "lies outside the plan's span, so the component never pays")
	}
	c.measure(path+"/measure", k)
	word(c, path+"/pays", k.Pays, PaysRate, PaysTarget, PaysSum)
	c.positive(path+"/weight", k.Weight)
	switch {
	case k.Curve == nil && k.Grid == nil:
		c.add(CodeRequired, path+"/curve", "is missing; a component needs a curve or a grid")
	case k.Curve != nil && k.Grid != nil:
		c.add(CodeConflict, path+"/grid", "stands beside a curve; a component has one or the other")
	case k.Curve != nil:
		c.curve(path+"/curve", k.Curve)
		if len(k.Curve.Bands) <= maxParts && len(k.Limits) <= maxParts {
			c.cliffs(path+"/curve", k, k.Curve)
			c.capped(path+"/curve", k)
		}
	default:
		c.grid(path+"/grid", k.Grid)
		c.reference(path+"/across", p, k.Across, "the grid's rows")
	}
	if k.Grid == nil && k.Across != "" {
		c.add(CodeConflict, path+"/across", "is only for a grid")
	}
	for j := range few(c, path+"/gates", k.Gates, maxParts) {
		g := &k.Gates[j]
		at := fmt.Sprintf("%s/gates/%d", path, j)
		c.reference(at+"/of", p, g.Of, "the gate")
		c.number(at+"/reach", g.Reach)
		word(c, at+"/edge", g.Edge, At, Above)
		if g.Else != nil {
			c.curve(at+"/else", g.Else)
			if len(g.Else.Bands) <= maxParts {
				c.cliffs(at+"/else", k, g.Else)
			}
		}
	}
	for j := range few(c, path+"/factors", k.Factors, maxParts) {
		f := &k.Factors[j]
		at := fmt.Sprintf("%s/factors/%d", path, j)
		c.reference(at+"/of", p, f.Of, "the factor")
		c.plain(at+"/curve", &f.Curve)
	}
	for j := range few(c, path+"/limits", k.Limits, maxParts) {
		c.limit(p, fmt.Sprintf("%s/limits/%d", path, j), &k.Limits[j], true)
	}
}

// reference checks that a component refers to one that has a position to read.
func (c *checker) reference(path string, p *Plan, id, what string) {
	i, ok := c.ids[id]
	switch {
	case id == "":
		c.add(CodeRequired, path, "must name the component that %s reads", what)
	case !ok:
		c.add(CodeUnknown, path, "is %q, which is no component of the plan", clip(id))
	case p.Components[i].Measure.Reset == PerDeal:
		c.add(CodeConflict, path, "is %q, which starts anew with every deal and has no attainment to read", clip(id))
	}
}

func (c *checker) measure(path string, k *Component) {
	m := &k.Measure
	word(c, path+"/on", m.On, Booking, Invoice, Payment)
	word(c, path+"/of", m.Of, Amount, Margin, Units, Count)
	word(c, path+"/reset", m.Reset, PerDeal, PerPeriod, PerMonth, PerQuarter, PerHalf, PerYear, PerPlan)
	for i, kind := range m.Credits {
		if kind == "" {
			c.add(CodeUnknown, fmt.Sprintf("%s/credits/%d", path, i), "is empty; use direct, overlay, rollup")
		}
		word(c, fmt.Sprintf("%s/credits/%d", path, i), kind, Direct, Overlay, RolledUp)
	}
	if m.Score != "" && (m.Of != "" || m.On != "" || len(m.Where) > 0 || len(m.Credits) > 0 || len(m.Lifts) > 0 || m.Windfall != nil) {
		c.add(CodeConflict, path+"/score", "replaces credits; leave where, credits, on, of, lifts and windfall empty")
	}
	if m.Reset == PerDeal && (m.Score != "" || m.Quota != "" || m.ToDate) {
		c.add(CodeConflict, path+"/reset", "is deal, so the component has no attainment; leave score, quota and toDate empty")
	}
	c.match(path+"/where", m.Where)
	for i, l := range few(c, path+"/lifts", m.Lifts, maxLifts) {
		at := fmt.Sprintf("%s/lifts/%d", path, i)
		c.positive(at+"/credit", l.Credit)
		c.positive(at+"/pay", l.Pay)
		if i > 0 && len(m.Lifts[i-1].Where) == 0 {
			c.warn(CodeUnreachable, at, "never applies: the lift before it matches every credit; put it first")
		}
	}
	if w := m.Windfall; w != nil {
		c.positive(path+"/windfall/over", w.Over)
		c.share(path+"/windfall/share", w.Share)
	}
}

// curve checks the bands of any curve.
func (c *checker) curve(path string, v *Curve) {
	word(c, path+"/mode", v.Mode, Marginal, Retroactive, Prospective, Step, Linear)
	if v.Mode == "" {
		c.add(CodeRequired, path+"/mode", "must be marginal, retroactive, prospective, step or linear")
	}
	word(c, path+"/edge", v.Edge, At, Above)
	if len(v.Bands) == 0 {
		c.add(CodeRequired, path+"/bands", "must have at least one band")
	}
	for i, b := range few(c, path+"/bands", v.Bands, maxParts) {
		at := fmt.Sprintf("%s/bands/%d", path, i)
		ok := c.number(at+"/from", b.From)
		c.number(at+"/rate", b.Rate)
		c.number(at+"/pay", b.Pay)
		if (v.Mode == Step || v.Mode == Linear) && exact.Bounded(b.Rate) && !b.Rate.IsZero() {
			c.add(CodeConflict, at+"/rate", "is not used by a %s curve; put the value into pay", v.Mode)
		}
		if !ok {
			continue
		}
		if i == 0 {
			if v.Mode.hasRates() && !b.From.IsZero() {
				c.add(CodeOrder, at+"/from", "of the first band must be 0; to pay nothing up to %s, start with a band from 0 at rate 0", show(b.From))
			}
			continue
		}
		last := v.Bands[i-1].From
		if !exact.Bounded(last) {
			continue
		}
		switch cmp := b.From.Cmp(last); {
		case cmp < 0, cmp == 0 && v.Mode != Linear:
			c.add(CodeOrder, at+"/from", "is %s, but must be more than the %s of the band before", show(b.From), show(last))
		case cmp == 0 && i > 1 && exact.Bounded(v.Bands[i-2].From) && v.Bands[i-2].From.Equal(last):
			c.warn(CodeUnreachable, fmt.Sprintf("%s/bands/%d", path, i-1), "is never read: three bands start at %s", show(last))
		}
	}
}

// plain checks a curve whose value is read: a factor, a share kept.
func (c *checker) plain(path string, v *Curve) {
	if v.Mode.hasRates() {
		c.add(CodeConflict, path+"/mode", "must be step or linear: the curve's value itself is meant")
		return
	}
	c.curve(path, v)
}

func (c *checker) grid(path string, g *Grid) {
	word(c, path+"/edge", g.Edge, At, Above)
	for _, axis := range []struct {
		name   string
		bounds []decimal.Decimal
	}{{"cols", g.Cols}, {"rows", g.Rows}} {
		if len(axis.bounds) == 0 {
			c.add(CodeRequired, path+"/"+axis.name, "must have at least one bound")
		}
		for i, b := range axis.bounds {
			at := fmt.Sprintf("%s/%s/%d", path, axis.name, i)
			if c.number(at, b) && i > 0 && exact.Bounded(axis.bounds[i-1]) && !b.GreaterThan(axis.bounds[i-1]) {
				c.add(CodeOrder, at, "is %s, but must be more than the %s before", show(b), show(axis.bounds[i-1]))
			}
		}
	}
	if len(g.Cells) != len(g.Rows) {
		c.add(CodeRange, path+"/cells", "has %d rows; it must have one for each of the %d row bounds", len(g.Cells), len(g.Rows))
	}
	for i, row := range g.Cells {
		if len(row) != len(g.Cols) {
			c.add(CodeRange, fmt.Sprintf("%s/cells/%d", path, i), "has %d values; it must have one for each of the %d column bounds", len(row), len(g.Cols))
		}
		for j, v := range row {
			c.number(fmt.Sprintf("%s/cells/%d/%d", path, i, j), v)
		}
	}
}
