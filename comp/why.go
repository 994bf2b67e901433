package comp

import (
	"github.com/salesops-go/salesops/internal/exact"
)

// attainment explains how far a component has come.
func (r *run) attainment(of int, pos, quota exact.Num) Reason {
	k := &r.c.comps[of]
	if k.Measure.Quota == "" {
		return step(Given, k.ID+" stands at", k.ref+"/measure", arg("", pos))
	}
	return step(Quotient, "attainment of "+k.ID, k.ref+"/measure", arg("measure", pos), arg("quota", quota))
}

// explainEarned writes down how an entry came about; n/den is its exact amount.
func (r *run) explainEarned(e *engine, t *tally, en *entry, n, den exact.Num) {
	k := e.k
	var why []Reason
	if en.row >= 0 {
		why = r.explainCredit(k, en)
	} else if en.more.name != "" {
		why = append(why, step(Given, "score "+en.more.name, k.ref+"/measure/score", arg("", en.to)))
	}
	if t.rated {
		why = append(why, step(Quotient, "attainment after it", k.ref+"/measure/quota", arg("measure", en.to), arg("quota", t.quota)))
	}
	why = append(why, e.why...)
	switch {
	case e.curve == nil && e.grid == nil:
		why = append(why, step(Given, "gate "+e.shut+" is shut, so nothing is paid", k.ref+"/gates", arg("", exact.Num{})))
	case e.mode() == Marginal && en.row >= 0:
		why = append(why, e.explainSlices(en)...)
	default:
		why = append(why, e.explainValue(t, en)...)
	}
	exactly, _ := exact.Quo(n, den, quotientPlaces, exact.HalfUp)
	if n.Cmp(en.total.Mul(den)) == 0 {
		en.explain(append(why, step(Given, "in money", "/rounding", arg("", en.total)))...)
		return
	}
	en.explain(append(why,
		step(Given, "pay, exactly (to 12 places)", "", arg("", exactly)),
		step(Cents, "in money, so that the window's lines sum to its rounded total", "/rounding", arg("", exactly), r.c.unit()).gives(en.total))...)
}

// explainCredit tells what a credit counts.
func (r *run) explainCredit(k *component, en *entry) []Reason {
	w := &r.rows[en.row]
	ref := k.ref + "/measure"
	var why []Reason
	if fx := w.FX; fx != nil {
		why = append(why, step(Product, "converted from "+fx.From, "", arg("amount", num(fx.Amount)), arg("rate", num(fx.Rate))))
	}
	name := string(w.event()) + " " + w.ID
	if !w.Share.IsZero() {
		name += ", share " + show(w.Share)
	}
	why = append(why, step(Given, name, ref, arg("", k.field(w))))
	if given := k.field(w); given.Cmp(en.measure) != 0 {
		why = append(why, step(Less, "counts", ref, arg("", given), arg("set aside", given.Sub(en.measure))))
	}
	if en.more.lift >= 0 {
		l := &k.lifts[en.more.lift]
		why = append(why,
			step(Product, "lifted towards the position", l.ref+"/credit", arg("", en.measure), arg("weight", l.credit)),
			step(Product, "lifted towards pay", l.ref+"/pay", arg("", en.measure), arg("weight", l.pay)))
	}
	return append(why, step(Sum, "position", ref, arg("before", en.more.from), arg("credit", en.to.Sub(en.more.from))))
}

// explainSlices shows the bands that a credit moved through.
func (e *engine) explainSlices(en *entry) []Reason {
	c := e.curve
	var why []Reason
	var parts []Input
	from, to := en.more.from, en.to
	sign := 1
	if to.Cmp(from) < 0 {
		from, to, sign = to, from, -1
	}
	for k := range c.from {
		lo, hi := from, to
		if k > 0 {
			lo = highest(lo, c.from[k])
		}
		if k+1 < len(c.from) {
			hi = lowest(hi, c.from[k+1])
		}
		if lo.Cmp(hi) >= 0 {
			continue
		}
		name := c.ids[k]
		if name == "" {
			name = "band " + itoa(k)
		}
		part := step(Product, name+", the slice from "+show(lo.Decimal())+" to "+show(hi.Decimal()), c.ref+"/bands/"+itoa(k),
			arg("", hi.Sub(lo).Mul(exact.Int(int64(sign)))), arg("rate", c.rate[k]))
		why = append(why, part)
		parts = append(parts, Input{name, part.Out})
	}
	was, now := c.band(en.more.from, -1), c.band(en.to, -1)
	if flat := c.flats(now).Sub(c.flats(was)); !flat.IsZero() {
		why = append(why, step(Given, "flat sums reached", c.ref+"/bands", arg("", flat)))
	}
	if len(parts) > 1 {
		why = append(why, step(Sum, "by rates", "", parts...))
	}
	return why
}

// explainValue shows what the curve or grid says before and after.
func (e *engine) explainValue(t *tally, en *entry) []Reason {
	ref := e.k.ref + "/grid"
	if e.curve != nil {
		ref = e.curve.ref
	}
	read := func(text string, pos exact.Num) Reason {
		v, den := e.value(pos, e.bandOf(pos, -1)), exact.Int(1)
		switch {
		case e.grid != nil:
			den = e.grid.den
		case !e.curve.mode.hasRates():
			den = e.curve.den
		}
		return step(Read, text, ref, arg("at", ratio(pos, t.quota))).gives(ratio(v, den))
	}
	switch {
	case e.whole:
		rate := read("rate for all of it, where the window ends up", t.end)
		return []Reason{rate, step(Product, "credit at that rate", "", arg("", en.measure), Input{"rate", rate.Out})}
	case e.mode() == Prospective:
		rate := read("rate of the band it lands in", en.to)
		return []Reason{rate, step(Product, "credit at that rate", "", arg("", en.measure), Input{"rate", rate.Out})}
	case en.row < 0 && en.more.name == "":
		return []Reason{read("value before any credit", exact.Num{})}
	default:
		before, after := read("value before", en.more.from), read("value after", en.to)
		return []Reason{before, after, step(Less, "rise", "", Input{"after", after.Out}, Input{"before", before.Out})}
	}
}

// explainBound tells how a limit met a total.
func (r *run) explainBound(e *entry, l *limit, op Op, total, bound exact.Num) {
	field := "/max"
	if op == AtLeast {
		field = "/min"
	}
	e.note = "at most " + show(bound.Decimal())
	if op == AtLeast {
		e.note = "at least " + show(bound.Decimal())
	}
	if !r.in.Explain {
		return
	}
	within := step(op, "within the limit", l.ref+field, arg("total", total), arg("limit", bound))
	e.explain(within, step(Less, "difference", "", Input{"limited", within.Out}, arg("total", total)))
}

// explainRest ends the explanation of a window's limit that works on more than
// one pay period: what it allows, less what it allowed before and this period's.
func (e *entry) explainRest(r *run, allowed, without exact.Num) {
	if r.in.Explain {
		e.more.why = append(e.more.why[:1], step(Less, "difference to the window without it", "", arg("allowed", allowed), arg("without", without)))
	}
}
