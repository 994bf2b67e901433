package comp_test

import (
	"slices"
	"strconv"
	"time"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/comp"
)

// Generators of the property tests. They construct what they promise and filter
// nothing; the plain choice always comes first, so that failures shrink to it.

// chance is true once in n.
func chance(t *rapid.T, label string, n int) bool {
	return rapid.IntRange(0, n-1).Draw(t, label) == n-1
}

func pick[E any](t *rapid.T, label string, from ...E) E {
	return rapid.SampledFrom(from).Draw(t, label)
}

func pow10(n int) int {
	p := 1
	for range n {
		p *= 10
	}
	return p
}

// number draws a decimal in [lo, hi] with up to so many places. It draws the
// representation too: 1.5 and 1.50, 100 and 1e2.
func number(t *rapid.T, label string, lo, hi, places int) decimal.Decimal {
	e := rapid.IntRange(0, places).Draw(t, label+" places")
	n := rapid.IntRange(lo*pow10(e), hi*pow10(e)).Draw(t, label)
	return written(t, label, n, e)
}

// written is n/10^e in one of its representations.
func written(t *rapid.T, label string, n, e int) decimal.Decimal {
	switch pick(t, label+" zeros", 0, 0, 0, 1, 2, -1) {
	case 1:
		return decimal.New(int64(n)*10, -int32(e)-1)
	case 2:
		return decimal.New(int64(n)*100, -int32(e)-2)
	case -1:
		if n%10 == 0 {
			return decimal.New(int64(n)/10, 1-int32(e))
		}
	}
	return decimal.New(int64(n), -int32(e))
}

// amount draws money as deals have it: round, in cents, awkward, zero, negative.
func amount(t *rapid.T, label string) decimal.Decimal {
	var v decimal.Decimal
	switch pick(t, label+" size", 0, 0, 1, 1, 2, 3) {
	case 0:
		v = written(t, label, 100*rapid.IntRange(0, 30).Draw(t, label), 0)
	case 1:
		v = written(t, label, rapid.IntRange(0, 300000).Draw(t, label), 2)
	case 2:
		v = written(t, label, rapid.IntRange(0, 2000000).Draw(t, label), 4)
	default:
		v = pick(t, label, d("0.01"), d("0.005"), d("333.333333"), d("1e3"), d("0.00"), d("99.995"))
	}
	if chance(t, label+" negative", 10) {
		v = v.Neg()
	}
	return v
}

var (
	allModes  = []comp.Mode{comp.Marginal, comp.Retroactive, comp.Step, comp.Linear, comp.Prospective}
	readModes = []comp.Mode{comp.Step, comp.Linear}
	edges     = []comp.Edge{"", comp.At, comp.Above}
)

func rated(m comp.Mode) bool { return m != comp.Step && m != comp.Linear }

// curveShape says what a curve is to be like.
type curveShape struct {
	modes    []comp.Mode
	x        decimal.Decimal // a typical position: 1 in attainment
	rate     decimal.Decimal // a typical rate
	pay      decimal.Decimal // a typical pay of Step and Linear
	flat     decimal.Decimal // a typical flat sum; zero: none
	rising   bool            // rates and pays do not fall, nothing is negative
	fromZero bool            // Step and Linear start at 0 or above
}

// part is a typical value times a multiple of 1/20.
func part(of decimal.Decimal, n int) decimal.Decimal { return of.Mul(decimal.New(int64(n)*5, -2)) }

func drawCurve(t *rapid.T, label string, s curveShape) comp.Curve {
	c := comp.Curve{Mode: pick(t, label+" mode", s.modes...), Edge: pick(t, label+" edge", edges...)}
	n := rapid.IntRange(1, 4).Draw(t, label+" bands")
	var from, rate, pay decimal.Decimal
	if !rated(c.Mode) {
		low := -4
		if s.fromZero {
			low = 0
		}
		from = part(s.x, rapid.IntRange(low, 12).Draw(t, label+" first"))
	}
	for i := range n {
		var b comp.Band
		if i > 0 {
			step := part(s.x, rapid.IntRange(1, 15).Draw(t, label+" step"))
			switch {
			case c.Mode == comp.Linear && chance(t, label+" jump", 4) && (i < 2 || !c.Bands[i-2].From.Equal(from)):
				step = decimal.Decimal{}
			case chance(t, label+" odd", 4):
				step = step.Add(d("0.0037"))
			}
			from = from.Add(step)
		}
		b.From = from
		if chance(t, label+" id", 2) {
			b.ID = "b" + strconv.Itoa(i)
		}
		level := rapid.IntRange(0, 30).Draw(t, label+" level")
		if !s.rising && chance(t, label+" negative", 12) {
			level = -level
		}
		switch {
		case rated(c.Mode) && s.rising:
			rate = rate.Add(part(s.rate, level))
		case rated(c.Mode):
			rate = part(s.rate, level)
		case s.rising:
			pay = pay.Add(part(s.pay, level))
		default:
			pay = part(s.pay, level)
		}
		b.Rate, b.Pay = rate, pay
		if rated(c.Mode) && !s.flat.IsZero() && chance(t, label+" flat", 5) {
			b.Pay = part(s.flat, rapid.IntRange(1, 20).Draw(t, label+" flat sum"))
		}
		c.Bands = append(c.Bands, b)
	}
	return c
}

// amountCurve draws a curve over amounts, with rates of some per cent.
func amountCurve(t *rapid.T, label string, rising, flats bool, modes ...comp.Mode) comp.Curve {
	s := curveShape{modes: modes, x: d("1000"), rate: d("0.1"), pay: d("500"), rising: rising}
	if flats {
		s.flat = d("100")
	}
	return drawCurve(t, label, s)
}

// wanted says what a plan is to be like; the zero value may have everything.
type wanted struct {
	modes   []comp.Mode // of components' curves; nil: all
	one     bool        // one component
	plain   bool        // no grids, gates, factors, lifts, windfalls and scores; only credits move pay
	rising  bool        // curves and weights never fall
	early   bool        // the payee is there for all of the plan, with one term
	limits  bool        // no limits
	draws   bool        // no draws
	holds   bool        // no holds
	claw    bool        // no clawback policy
	refunds bool        // no refunds and cancellations
	late    bool        // all credits are known from the start
}

var (
	bareGoals = wanted{limits: true, draws: true, holds: true, claw: true}
	earnings  = wanted{plain: true, limits: true, draws: true, holds: true, claw: true}
)

// world is a plan, a payee and all that happens to them.
type world struct {
	plan    comp.Plan
	payee   comp.Payee
	periods []salesops.Period // the plan's pay periods since the hire, and some after it
	credits []comp.Credit
	known   []int // credits[i] is known from periods[known[i]] on
	scores  []comp.Score
	manual  []comp.Manual
}

// drawWorld draws a plan that Check has nothing against, and a case that
// Calculate must take.
func drawWorld(t *rapid.T, o wanted) *world {
	w := &world{}
	w.drawPlan(t, o)
	for _, p := range w.plan.Check() {
		if !p.Warning {
			t.Fatalf("the plan is faulty: %s: %s", p.Path, p.Text)
		}
	}
	w.drawPayee(t, o)
	every := w.plan.Every
	if every == "" {
		every = salesops.Month
	}
	hired := w.payee.Terms[0].Span.Start
	for p := w.plan.Calendar.Period(every, hired); p.Start.Before(w.plan.Span.End); p = w.plan.Calendar.Next(every, p) {
		w.periods = append(w.periods, p)
	}
	for range rapid.IntRange(0, 2).Draw(t, "periods after the plan") {
		w.periods = append(w.periods, w.plan.Calendar.Next(every, w.periods[len(w.periods)-1]))
	}
	w.drawCredits(t, o)
	for _, k := range w.plan.Components {
		if name := k.Measure.Score; name != "" {
			day := w.payee.Terms[0].Span.Intersect(w.plan.Span).Start
			for range rapid.IntRange(0, 4).Draw(t, "scores") {
				day = day.AddDays(rapid.IntRange(1, 90).Draw(t, "score day"))
				if !slices.ContainsFunc(w.scores, func(s comp.Score) bool { return s.Name == name && s.Date == day }) {
					w.scores = append(w.scores, comp.Score{Name: name, Date: day, Value: number(t, "score", 0, 2, 3)})
				}
			}
		}
	}
	for i := range rapid.SampledFrom([]int{0, 0, 1, 2}).Draw(t, "manual") {
		unit := w.unit()
		w.manual = append(w.manual, comp.Manual{
			ID: "m" + strconv.Itoa(i), Note: "spot",
			Amount: unit.Mul(decimal.New(int64(rapid.IntRange(-20, 50).Draw(t, "manual amount")), 0)),
		})
	}
	return w
}

// unit is the plan's rounding unit.
func (w *world) unit() decimal.Decimal {
	if w.plan.Rounding.Unit.IsZero() {
		return d("0.01")
	}
	return w.plan.Rounding.Unit
}

func (w *world) calculator(t rapid.TB) *comp.Calculator {
	t.Helper()
	c, err := comp.New(w.plan)
	if err != nil {
		t.Fatalf("Check passed the plan, New does not: %v", err)
	}
	return c
}

// at is the case of a period, with what is known by then.
func (w *world) at(i int, prior comp.State) comp.Case {
	in := comp.Case{Payee: w.payee, Period: w.periods[i], Scores: w.scores, Manual: w.manual, Prior: prior}
	for j, cr := range w.credits {
		if w.known[j] <= i {
			in.Credits = append(in.Credits, cr)
		}
	}
	return in
}

// last is the case of the last period with nothing booked.
func (w *world) last() comp.Case { return w.at(len(w.periods)-1, comp.State{}) }

func (w *world) drawPlan(t *rapid.T, o wanted) {
	p := &w.plan
	*p = comp.Plan{ID: "plan", Version: rapid.IntRange(0, 2).Draw(t, "version"), Currency: "USD"}
	p.Calendar = pick(t, "calendar",
		salesops.Calendar{}, salesops.Calendar{}, salesops.Calendar{FirstMonth: time.July},
		salesops.Calendar{FirstMonth: time.February, Weeks: "4-4-5"}, salesops.Calendar{FirstMonth: time.October, Weeks: "5-4-4", EndInMonth: true, WeekStart: time.Monday})
	p.Span = p.Calendar.Period(salesops.Year, on("2026-07-15"))
	switch pick(t, "span", 0, 0, 0, 1, 2) {
	case 1:
		p.Span = p.Calendar.Period(salesops.Half, on("2026-09-15"))
	case 2:
		p.Span.Start = p.Span.Start.AddDays(rapid.IntRange(1, 100).Draw(t, "plan starts late"))
	}
	p.Every = pick(t, "every", "", salesops.Quarter, salesops.Month, salesops.Half)
	p.Rounding.Unit = pick(t, "unit", decimal.Decimal{}, d("0.01"), d("1"), d("0.001"), d("10e-1"))
	p.Rounding.Mode = pick(t, "rounding", "", comp.HalfUp, comp.HalfEven, comp.Down)
	p.Negative = pick(t, "negative", "", comp.Carry, comp.Charge)
	n := 1
	if !o.one {
		n = rapid.IntRange(1, 4).Draw(t, "components")
	}
	for i := range n {
		p.Components = append(p.Components, drawComponent(t, i, p, o))
	}
	for i := range p.Components {
		link(t, p, i, o)
	}
	if !o.limits {
		p.Limits = drawLimits(t, "plan limits", p, false)
	}
	if !o.draws {
		for i := range pick(t, "draws", 0, 0, 1, 2) {
			p.Draws = append(p.Draws, drawDraw(t, "draw"+strconv.Itoa(i), p))
		}
	}
	if !o.holds {
		for i := range pick(t, "holds", 0, 1, 2) {
			h := drawHold(t)
			if i == 0 && chance(t, "hold where", 2) {
				h.Where = comp.Match{"type": {"new", ""}}
			}
			p.Holds = append(p.Holds, h)
		}
	}
	if !o.claw {
		p.Clawback = drawClawback(t)
	}
}

func drawClawback(t *rapid.T) *comp.Clawback {
	kind := pick(t, "clawback", 0, 1, 2)
	if kind == 0 {
		return nil
	}
	c := &comp.Clawback{Rerate: kind == 1, Months: pick(t, "clawback months", 0, 3, 12)}
	c.Credit = !c.Rerate && rapid.Bool().Draw(t, "clawback credit")
	if c.Months > 0 && rapid.Bool().Draw(t, "shaped") {
		s := drawCurve(t, "shape", curveShape{modes: readModes, x: d("0.5"), pay: d("0.5"), fromZero: true})
		c.Shape = &s
	}
	return c
}

// position is a typical position of a component.
func position(k *comp.Component) decimal.Decimal {
	switch m := &k.Measure; {
	case m.Quota != "" && m.Score == "", m.Score != "":
		return d("0.5")
	case m.Of == comp.Units, m.Of == comp.Count:
		return d("3")
	default:
		return d("1000")
	}
}

func drawComponent(t *rapid.T, i int, p *comp.Plan, o wanted) comp.Component {
	k := comp.Component{ID: pick(t, "component name", "c", "c", "a/b~") + strconv.Itoa(i)}
	m := &k.Measure
	m.Reset = pick(t, "reset", "", comp.PerYear, comp.PerQuarter, comp.PerDeal, comp.PerPeriod, comp.PerMonth, comp.PerHalf, comp.PerPlan)
	k.Pays = pick(t, "pays", "", comp.PaysRate, comp.PaysTarget, comp.PaysSum)
	if m.Reset != comp.PerDeal && chance(t, "quota", 2) {
		m.Quota = pick(t, "quota name", "q0", "q1")
		m.ToDate = chance(t, "to date", 3)
	}
	score := !o.plain && m.Reset != comp.PerDeal && chance(t, "score", 8)
	if score {
		m.Score, m.Quota, m.ToDate = "s"+strconv.Itoa(i), "", false
	} else {
		m.On = pick(t, "on", "", comp.Booking, comp.Booking, comp.Invoice, comp.Payment)
		m.Of = pick(t, "of", "", comp.Amount, comp.Amount, comp.Margin, comp.Units, comp.Count)
		if chance(t, "where", 4) {
			m.Where = comp.Match{"type": {pick(t, "where type", "new", "renewal")}}
		}
		if chance(t, "credits", 6) {
			m.Credits = []comp.CreditKind{comp.Direct, comp.Overlay}
		}
	}
	if m.Quota == "" && chance(t, "component span", 6) {
		k.Span = salesops.Period{Start: p.Span.Start.AddDays(30), End: p.Span.Start.AddDays(30 + rapid.IntRange(20, 120).Draw(t, "spiff days"))}
	}
	if k.Pays == comp.PaysTarget && chance(t, "weight", 2) {
		k.Weight = number(t, "weight", 0, 1, 2)
	}
	s := curveShape{modes: o.modes, x: position(&k), rising: o.rising, flat: d("100")}
	if s.modes == nil {
		s.modes = allModes
	}
	switch k.Pays {
	case comp.PaysTarget:
		s.rate, s.pay, s.flat = perPosition(d("0.5"), s.x), d("0.5"), d("0.1")
	case comp.PaysSum:
		s.rate, s.pay = perPosition(d("200"), s.x), d("500")
	default:
		s.rate, s.pay = d("0.1"), d("0.1")
	}
	if o.plain || !chance(t, "grid", 8) {
		c := drawCurve(t, "curve", s)
		k.Curve = &c
	} else {
		k.Grid = &comp.Grid{} // link fills it
	}
	if !o.plain && !score {
		drawWeights(t, m)
	}
	if !o.limits {
		k.Limits = drawLimits(t, "limits", p, true)
	}
	return k
}

// perPosition is a rate that makes pay at the position x.
func perPosition(pay, x decimal.Decimal) decimal.Decimal { return pay.DivRound(x, 6) }

func drawWeights(t *rapid.T, m *comp.Measure) {
	for i := range pick(t, "lifts", 0, 0, 0, 1, 2) {
		l := comp.Lift{Credit: number(t, "lift credit", 0, 2, 2), Pay: number(t, "lift pay", 0, 2, 2)}
		if i == 0 {
			l.Where = comp.Match{"term": {"36"}}
		}
		m.Lifts = append(m.Lifts, l)
	}
	if chance(t, "windfall", 8) {
		m.Windfall = &comp.Windfall{Over: number(t, "windfall over", 0, 2000, 2), Share: number(t, "windfall share", 0, 1, 2)}
	}
}

// link draws what a component reads of others.
func link(t *rapid.T, p *comp.Plan, i int, o wanted) {
	k := &p.Components[i]
	var others []string
	at := map[string]decimal.Decimal{}
	for j := range p.Components {
		if of := &p.Components[j]; of.Measure.Reset != comp.PerDeal {
			others = append(others, of.ID)
			at[of.ID] = position(of)
		}
	}
	if len(others) == 0 || o.plain {
		if k.Grid != nil { // nothing to read the rows from
			k.Grid = nil
			c := drawCurve(t, "instead of a grid", curveShape{modes: allModes, x: position(k), rate: d("0.1"), pay: d("0.1")})
			k.Curve = &c
		}
		return
	}
	if k.Grid != nil {
		k.Across = pick(t, "across", others...)
		*k.Grid = drawGrid(t, position(k), at[k.Across], map[bool]decimal.Decimal{true: d("500"), false: d("0.5")}[k.Pays == comp.PaysSum])
	}
	for range pick(t, "gates", 0, 0, 1, 2) {
		g := comp.Gate{Of: pick(t, "gate of", others...), Edge: pick(t, "gate edge", edges...)}
		g.Reach = part(at[g.Of], rapid.IntRange(0, 40).Draw(t, "gate reach"))
		if chance(t, "gate else", 2) {
			c := drawCurve(t, "else", curveShape{modes: allModes, x: position(k), rate: d("0.05"), pay: d("0.05"), flat: d("10")})
			g.Else = &c
		}
		k.Gates = append(k.Gates, g)
	}
	for range pick(t, "factors", 0, 0, 0, 1) {
		f := comp.Factor{Of: pick(t, "factor of", others...)}
		f.Curve = drawCurve(t, "factor", curveShape{modes: readModes, x: at[f.Of], pay: d("1")})
		k.Factors = append(k.Factors, f)
	}
}

func drawGrid(t *rapid.T, x, y, value decimal.Decimal) comp.Grid {
	g := comp.Grid{Blend: rapid.Bool().Draw(t, "blend"), Edge: pick(t, "grid edge", edges...)}
	axis := func(label string, of decimal.Decimal) []decimal.Decimal {
		var out []decimal.Decimal
		at := part(of, rapid.IntRange(-2, 10).Draw(t, label+" first"))
		for range rapid.IntRange(1, 3).Draw(t, label) {
			out = append(out, at)
			at = at.Add(part(of, rapid.IntRange(1, 15).Draw(t, label+" step")))
		}
		return out
	}
	g.Cols, g.Rows = axis("cols", x), axis("rows", y)
	for range g.Rows {
		var row []decimal.Decimal
		for range g.Cols {
			row = append(row, part(value, rapid.IntRange(0, 30).Draw(t, "cell")))
		}
		g.Cells = append(g.Cells, row)
	}
	return g
}

func drawLimits(t *rapid.T, label string, p *comp.Plan, component bool) []comp.Limit {
	pers := []comp.Window{"", comp.PerPeriod, comp.PerYear, comp.PerPlan}
	switch p.Every {
	case "", salesops.Month:
		pers = append(pers, comp.PerMonth, comp.PerQuarter, comp.PerHalf)
	case salesops.Quarter:
		pers = append(pers, comp.PerQuarter, comp.PerHalf)
	case salesops.Half:
		pers = append(pers, comp.PerHalf)
	}
	if component {
		pers = append(pers, comp.PerDeal)
	}
	var out []comp.Limit
	for range pick(t, label, 0, 0, 0, 1, 2) {
		l := comp.Limit{Per: pick(t, label+" per", pers...), Target: chance(t, label+" of target", 4)}
		lo, hi := number(t, label+" min", 0, 100, 2), number(t, label+" range", 0, 500, 2)
		if l.Target {
			lo, hi = lo.Shift(-3), hi.Shift(-3)
		}
		hi = hi.Add(lo)
		which := pick(t, label+" bounds", 0, 0, 1, 2)
		if which != 1 {
			l.Max = &hi
			if l.Per != comp.PerDeal {
				l.Excess = pick(t, label+" excess", "", comp.Forfeit, comp.Defer)
			}
		}
		if which != 0 {
			l.Min = &lo
		}
		out = append(out, l)
	}
	return out
}

func drawDraw(t *rapid.T, id string, p *comp.Plan) comp.Draw {
	w := comp.Draw{ID: id, Kind: pick(t, id+" kind", comp.Guarantee, comp.Advance, comp.Extra), Amount: number(t, id+" amount", 0, 300, 2)}
	w.Recover = pick(t, id+" recover", d("1"), decimal.Decimal{}, d("0.5"), d("1.00"), d("0.333"))
	w.Span = p.Span
	if chance(t, id+" span", 2) {
		w.Span.End = p.Span.Start.AddDays(rapid.IntRange(10, 250).Draw(t, id+" days"))
		w.Forgiven = chance(t, id+" forgiven", 3)
	}
	if chance(t, id+" start", 4) {
		w.Start = p.Span.Start.AddDays(rapid.IntRange(0, 200).Draw(t, id+" starts"))
	}
	return w
}

func drawHold(t *rapid.T) comp.Hold {
	var h comp.Hold
	left := 100
	for left > 0 {
		share := left
		if len(h.Parts) < 2 {
			share = rapid.IntRange(0, left).Draw(t, "hold share")
		}
		left -= share
		h.Parts = append(h.Parts, comp.HoldPart{
			On:     pick(t, "hold on", comp.Payment, comp.Invoice, comp.Booking, comp.Release),
			Share:  written(t, "hold share text", share, 2),
			Months: pick(t, "hold months", 0, 0, 1, 4),
			Pro:    rapid.Bool().Draw(t, "hold pro"),
		})
	}
	return h
}

// drawPayee draws a payee with terms from a day on, in the plan's span, for good.
// Absences are short, and quotas large enough, that no window lacks a quota.
func (w *world) drawPayee(t *rapid.T, o wanted) {
	p := &w.plan
	term := comp.Term{Plan: p.ID, Span: salesops.Period{Start: p.Span.Start}}
	if !o.early && chance(t, "hired in mid-year", 3) {
		term.Span.Start = p.Span.Start.AddDays(rapid.IntRange(1, 120).Draw(t, "hire"))
	}
	hired := term.Span.Start
	w.drawGoals(t, &term, o)
	if !o.early && chance(t, "leave", 4) {
		from := hired.AddDays(rapid.IntRange(40, 100).Draw(t, "leave from"))
		term.Away = []salesops.Period{{Start: from, End: from.AddDays(rapid.IntRange(1, 3).Draw(t, "leave days"))}}
	}
	if !o.draws && chance(t, "own draw", 6) {
		term.Draws = []comp.Draw{drawDraw(t, "own", p)}
	}
	w.payee = comp.Payee{ID: "ana", Terms: []comp.Term{term}}
	if !o.early && chance(t, "new quota", 3) {
		change := hired.AddDays(rapid.IntRange(1, 150).Draw(t, "change"))
		w.payee.Terms[0].Span.End = change
		next := comp.Term{Plan: p.ID, Span: salesops.Period{Start: change}, Away: term.Away}
		w.drawGoals(t, &next, o)
		w.payee.Terms = append(w.payee.Terms, next)
	}
}

func (w *world) drawGoals(t *rapid.T, term *comp.Term, o wanted) {
	goal := func(label string, most int) comp.Goal {
		g := comp.Goal{Per: pick(t, label+" per", "", salesops.Year, salesops.Quarter, salesops.Month)}
		n := map[salesops.Unit]int{"": 1, salesops.Year: 1, salesops.Quarter: 4, salesops.Month: 12}[g.Per]
		g.Amount = number(t, label, most/2/n, most/n, 2)
		if o.early {
			return g
		}
		if g.Per == salesops.Year && chance(t, label+" season", 2) {
			for range pick(t, label+" parts", 2, 4, 12) {
				g.Season = append(g.Season, number(t, label+" weight", 1, 5, 1))
			}
		}
		if (g.Per != "" || len(g.Season) > 0) && chance(t, label+" ramp", 4) {
			for range rapid.IntRange(1, 3).Draw(t, label+" ramp parts") {
				g.Ramp = append(g.Ramp, number(t, label+" ramped", most/5/n, most/n, 2))
			}
		}
		return g
	}
	term.Target = goal("target", 5000)
	term.Quotas = map[string]comp.Goal{"q0": goal("q0", 20000), "q1": goal("q1", 40000)}
}

// drawCredits draws deals of every kind of credit, and what happens to them.
func (w *world) drawCredits(t *rapid.T, o wanted) {
	first := w.payee.Terms[0].Span.Start
	days := w.plan.Span.End.DaysSince(first)
	end := w.periods[len(w.periods)-1].End
	date := first
	add := func(c comp.Credit, known int) {
		w.credits = append(w.credits, c)
		if !o.late && chance(t, "known late", 6) {
			known = rapid.IntRange(known, len(w.periods)-1).Draw(t, "known from")
		}
		w.known = append(w.known, known)
	}
	for i := range rapid.IntRange(0, 6).Draw(t, "deals") {
		if i == 0 || !chance(t, "same day", 3) {
			date = first.AddDays(rapid.IntRange(0, days-1).Draw(t, "day"))
		}
		id := "d" + strconv.Itoa(i) + pick(t, "deal name", "", "", "/x~")
		deal := comp.Credit{
			Deal:  comp.Deal{ID: id, Date: date, Currency: "USD", Amount: amount(t, "amount"), Margin: amount(t, "margin"), Units: number(t, "units", 0, 5, 1)},
			Payee: "ana", Kind: pick(t, "kind", "", comp.Direct, comp.Direct, comp.Overlay, comp.RolledUp),
		}
		deal.Event = pick(t, "event", "", comp.Booking)
		if chance(t, "tagged", 2) {
			deal.Tags = comp.Tags{"type": pick(t, "type", "new", "renewal"), "term": pick(t, "term", "12", "36")}
		}
		add(deal, 0)
		at, of := len(w.credits)-1, deal
		for j := range pick(t, "events", 0, 0, 1, 2, 3, 4) {
			kinds := []comp.Event{comp.Invoice, comp.Payment, comp.Release, comp.Refund, comp.Cancel}
			if o.refunds {
				kinds = kinds[:3]
			}
			e := comp.Credit{Payee: "ana", Kind: deal.Kind}
			e.Event = pick(t, "later event", kinds...)
			e.ID, e.Ref, e.Currency = id+"."+strconv.Itoa(j), of.ID, "USD"
			e.Date = of.Date.AddDays(rapid.IntRange(0, 200).Draw(t, "days later"))
			if !e.Date.Before(end) {
				e.Date = end.AddDays(-1)
			}
			share := pick(t, "share of it", d("1"), d("0.5"), d("0.25"), d("1.1"), d("0.333"), decimal.Decimal{})
			if e.Event == comp.Refund || e.Event == comp.Cancel {
				share = share.Neg()
				if deal.Amount.IsNegative() {
					share = decimal.Decimal{}
				}
			}
			if e.Event != comp.Release {
				e.Amount, e.Margin, e.Units = deal.Amount.Mul(share), deal.Margin.Mul(share), deal.Units.Mul(share)
			}
			add(e, w.known[at])
			if e.Event == comp.Invoice && rapid.Bool().Draw(t, "go on from the invoice") {
				at, of = len(w.credits)-1, e
			}
		}
	}
}
