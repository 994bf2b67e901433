package comp

import (
	"github.com/salesops-go/salesops/internal/exact"
)

// attainment explains how far a component has come.
func (r *run) attainment(of int, pos, quota exact.Num) Reason {
	k := &r.c.comps[of]
	if k.Measure.Quota == "" {
		return step(OpGiven, k.ID+" stands at", k.ref+"/measure", arg("", pos))
	}
	return step(OpQuotient, "attainment of "+k.ID, k.ref+"/measure", arg("measure", pos), arg("quota", quota))
}

// chain is an explanation under way: each step goes on from the one before.
type chain struct {
	why   []Reason
	value exact.Num // Out of the last step
	name  string    // what it is
}

func (c *chain) add(r Reason, name string) {
	c.why = append(c.why, r)
	c.value, c.name = exact.From(r.Out), name
}

// times and over go on with a product or a quotient.
func (c *chain) times(text, ref, name string, by exact.Num) {
	c.add(step(OpProduct, text, ref, arg(c.name, c.value), arg(name, by)), "pay")
}

func (c *chain) over(text, ref, name string, by exact.Num) {
	c.add(step(OpQuotient, text, ref, arg(c.name, c.value), arg(name, by)), "pay")
}

// explainEarned writes down how an entry of a curve or grid came about.
func (r *run) explainEarned(e *engine, t *tally, en *entry) {
	k := e.k
	var c chain
	if en.row >= 0 {
		c.why = r.explainCredit(k, en)
	} else if en.more.name != "" {
		c.why = append(c.why, step(OpGiven, "score "+en.more.name, k.ref+"/measure/score", arg("", en.to)))
	}
	if t.rated {
		c.why = append(c.why, step(OpQuotient, "attainment after it", k.ref+"/measure/quota", arg("measure", en.to), arg("quota", t.quota)))
	}
	c.why = append(c.why, e.why...)
	switch {
	case e.curve == nil && e.grid == nil:
		c.add(step(OpGiven, "gate "+e.shut+" is shut, so nothing is paid", k.ref+"/gates", arg("", exact.Num{})), "")
	case en.row < 0 && en.more.name == "":
		c.add(step(OpRead, "what is paid at position 0", e.ref(), arg("at", exact.Num{})).gives(ratio(en.more.flat, e.unit)), "value")
	default:
		e.explainPay(&c, t, en)
		if flat := ratio(en.more.flat, e.unit); !flat.IsZero() {
			c.add(step(OpSum, "with the flat sums reached", e.ref(), arg(c.name, c.value), arg("flat", flat)), "pay")
		}
	}
	if e.curve != nil || e.grid != nil {
		for _, m := range e.times {
			c.times(m.text, m.ref, m.name, m.value)
		}
	}
	if c.value.Cmp(en.total) != 0 {
		c.add(step(OpCents, "in money, so that the window's lines sum to its rounded total", "/rounding", arg("", c.value), r.c.unit()).gives(en.total), "")
	}
	en.explain(c.why...)
}

// explainPay shows what the curve or grid pays for a credit, before multipliers
// and without flat sums.
func (e *engine) explainPay(c *chain, t *tally, en *entry) {
	lifted := en.more.lift >= 0
	quota := e.curve != nil && e.mode().hasRates() && e.flat.Cmp(e.k.common) != 0
	switch {
	case e.whole, e.mode() == Prospective:
		rate := e.read("rate of the band it lands in", en.to, t.quota)
		if e.whole {
			rate = e.read("rate for all of it, where the window ends up", t.end, t.quota)
		}
		c.add(rate, "rate")
		c.times("credit at that rate", "", "credit", en.more.base)
	case e.mode() == Marginal && lifted && e.k.lifts[en.more.lift].credit.IsZero():
		c.add(e.read("value of the position", en.to, t.quota), "value")
		c.add(step(OpProduct, "credit at the rate of the band it finds", e.ref(), arg("", en.more.base), arg("rate", e.curve.rate[max(e.bandOf(en.to, -1), 0)])), "pay")
	case e.mode() == Marginal:
		e.explainSlices(c, en)
	default:
		before, after := e.read("value before", en.more.from, t.quota), e.read("value after", en.to, t.quota)
		c.why = append(c.why, before, after)
		c.add(step(OpLess, "rise", "", Input{"after", after.Out}, Input{"before", before.Out}), "rise")
	}
	if lifted && !e.whole && e.mode() != Prospective {
		if l := &e.k.lifts[en.more.lift]; l.credit.Cmp(l.pay) != 0 && !l.credit.IsZero() {
			c.times("lifted towards pay", l.ref+"/pay", "weight", l.pay)
			c.over("of what it counts towards the position", l.ref+"/credit", "weight", l.credit)
		}
	}
	if quota {
		c.over("as a share of the quota", e.k.ref+"/measure/quota", "quota", t.quota)
	}
}

// ref points to the curve or grid in force.
func (e *engine) ref() string {
	if e.curve != nil {
		return e.curve.ref
	}
	return e.k.ref + "/grid"
}

// read shows the value of the curve or grid at a position.
func (e *engine) read(text string, pos, quota exact.Num) Reason {
	v, den := e.value(pos, e.bandOf(pos, -1)), exact.Int(1)
	switch {
	case e.grid != nil:
		den = e.grid.den
	case !e.curve.mode.hasRates():
		den = e.curve.den
	}
	return step(OpRead, text, e.ref(), arg("at", ratio(pos, quota))).gives(ratio(v, den))
}

// explainCredit tells what a credit counts.
func (r *run) explainCredit(k *component, en *entry) []Reason {
	w := &r.rows[en.row]
	ref := k.ref + "/measure"
	var why []Reason
	if fx := w.FX; fx != nil {
		why = append(why, step(OpProduct, "converted from "+fx.From, "", arg("amount", num(fx.Amount)), arg("rate", num(fx.Rate))))
	}
	name := string(w.event()) + " " + w.ID
	switch {
	case w.kind() == RolledUp && w.Via != "":
		name += ", rolled up from " + w.Via
	case w.kind() != Direct:
		name += ", " + string(w.kind())
	}
	if !w.Share.IsZero() {
		name += ", share " + show(w.Share)
	}
	why = append(why, step(OpGiven, name, ref, arg("", k.field(w))))
	if given := k.field(w); given.Cmp(en.measure) != 0 {
		why = append(why, step(OpLess, "counts", ref, arg("", given), arg("set aside", given.Sub(en.measure))))
	}
	if en.more.lift >= 0 {
		l := &k.lifts[en.more.lift]
		why = append(why, step(OpProduct, "weighed towards the position", l.ref+"/credit", arg("", en.measure), arg("weight", l.credit)))
		if en.more.base.Cmp(en.measure) != 0 {
			why = append(why, step(OpProduct, "weighed towards pay", l.ref+"/pay", arg("", en.measure), arg("weight", l.pay)))
		}
	}
	return append(why, step(OpSum, "position", ref, arg("before", en.more.from), arg("credit", en.to.Sub(en.more.from))))
}

// explainSlices shows the bands that a credit moved through.
func (e *engine) explainSlices(c *chain, en *entry) {
	t := e.curve
	var parts []Input
	from, to, sign := en.more.from, en.to, exact.Int(1)
	if to.Cmp(from) < 0 {
		from, to, sign = to, from, sign.Neg()
	}
	for k := range t.from {
		lo, hi := from, to
		if k > 0 {
			lo = highest(lo, t.from[k])
		}
		if k+1 < len(t.from) {
			hi = lowest(hi, t.from[k+1])
		}
		if lo.Cmp(hi) >= 0 {
			continue
		}
		name := t.ids[k]
		if name == "" {
			name = "band " + itoa(k)
		}
		part := step(OpProduct, name+", the slice from "+show(lo.Decimal())+" to "+show(hi.Decimal()), t.ref+"/bands/"+itoa(k),
			arg("", hi.Sub(lo).Mul(sign)), arg("rate", t.rate[k]))
		c.add(part, "pay")
		parts = append(parts, Input{name, part.Out})
	}
	switch len(parts) {
	case 0:
		c.add(step(OpGiven, "the position does not move, so no slice is paid", t.ref, arg("", exact.Num{})), "pay")
	case 1:
	default:
		c.add(step(OpSum, "by rates", "", parts...), "pay")
	}
}

// explainBound tells how a limit met a total.
func (r *run) explainBound(e *entry, l *limit, op Op, total, bound exact.Num) {
	field := "/max"
	if op == OpAtLeast {
		field = "/min"
	}
	e.note = "at most " + show(bound.Decimal())
	if op == OpAtLeast {
		e.note = "at least " + show(bound.Decimal())
	}
	if !r.in.Explain {
		return
	}
	text := "at most the limit"
	if op == OpAtLeast {
		text = "at least the minimum"
	}
	within := step(op, text, l.ref+field, r.c.cash("total", total), r.c.cash("limit", bound))
	e.explain(within, step(OpLess, "difference", "", Input{"limited", within.Out}, r.c.cash("total", total)))
}

// explainRest ends the explanation of a window's limit that works on more than
// one pay period: what it allows, less what it allowed before and this period's.
func (e *entry) explainRest(r *run, allowed, before, now exact.Num) {
	if r.in.Explain {
		e.more.why = append(e.more.why[:1],
			step(OpSum, "without the limit now", "", r.c.cash("allowed up to last period", before), r.c.cash("this period", now)),
			step(OpLess, "what the limit changes", "", r.c.cash("allowed now", allowed), r.c.cash("without it", before.Add(now))))
	}
}
