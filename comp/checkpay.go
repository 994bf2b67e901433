package comp

import (
	"fmt"
	"slices"
	"strings"

	"github.com/salesops-go/salesops/internal/exact"
)

func (c *checker) limit(p *Plan, path string, l *Limit, component bool) {
	word(c, path+"/per", l.Per, PerDeal, PerPeriod, PerMonth, PerQuarter, PerHalf, PerYear, PerPlan)
	word(c, path+"/excess", l.Excess, Forfeit, Defer)
	windows := []Window{PerDeal, "week", PerMonth, PerQuarter, PerHalf, PerYear, PerPlan} // by length
	every := Window(p.Every)
	if every == "" {
		every = PerMonth
	}
	switch {
	case l.Per == PerDeal && !component:
		c.add(CodeConflict, path+"/per", "is deal, which only a component's limit can be")
	case l.Per == PerDeal && l.Excess == Defer:
		c.add(CodeConflict, path+"/excess", "of a deal cannot be deferred: a deal has no later window")
	case l.Per == "", l.Per == PerPeriod, l.Per == PerDeal:
	case slices.Contains(windows, l.Per) && slices.Index(windows, l.Per) < slices.Index(windows, every):
		c.add(CodeConflict, path+"/per", "is %s, which is shorter than the pay period, a %s", l.Per, every)
	}
	if l.Min == nil && l.Max == nil {
		c.add(CodeRequired, path, "must have a min or a max")
	}
	low, high := true, true
	if l.Min != nil {
		low = c.number(path+"/min", *l.Min)
	}
	if l.Max != nil {
		high = c.number(path+"/max", *l.Max)
	}
	if l.Min != nil && l.Max != nil && low && high && l.Min.GreaterThan(*l.Max) {
		c.add(CodeOrder, path+"/min", "is %s, which is more than max, %s", show(*l.Min), show(*l.Max))
	}
}

func (c *checker) draws(path string, draws []Draw) {
	names := make(map[string]bool, len(draws))
	for i := range draws {
		d := &draws[i]
		at := fmt.Sprintf("%s/%d", path, i)
		if names[d.ID] {
			c.add(CodeDuplicate, at+"/id", "is used before; each draw needs a name of its own")
		}
		names[d.ID] = true
		if strings.HasPrefix(d.ID, "draws/") || strings.HasPrefix(d.ID, "terms/") {
			c.add(CodeRange, at+"/id", "must not start with draws/ or terms/, which name the draws without an ID")
		}
		c.span(at+"/span", d.Span)
		c.positive(at+"/amount", d.Amount)
		c.share(at+"/recover", d.Recover)
		if d.Kind == "" {
			c.add(CodeRequired, at+"/kind", "must be guarantee, advance or extra")
		}
		word(c, at+"/kind", d.Kind, Guarantee, Advance, Extra)
		if d.Forgiven && d.Span.End.IsZero() {
			c.add(CodeConflict, at+"/forgiven", "needs a span with an end, when the balance lapses")
		}
		if d.Kind == Extra && !d.Recover.IsZero() && d.Start.IsZero() && d.Span.End.IsZero() {
			c.warn(CodeUnreachable, at+"/recover", "never happens: an extra draw is recovered from start, or when its span ends, and it has neither")
		}
	}
}

func (c *checker) hold(path string, h *Hold) {
	sum := exact.Num{}
	ok := true
	for i, p := range h.Parts {
		at := fmt.Sprintf("%s/parts/%d", path, i)
		if p.On == "" {
			c.add(CodeRequired, at+"/on", "must be booking, invoice, payment or release")
		}
		word(c, at+"/on", p.On, Booking, Invoice, Payment, Release)
		if p.Months < 0 || p.Months > maxSpan*12 {
			c.add(CodeRange, at+"/months", "is %d; it must be between 0 and %d", p.Months, maxSpan*12)
		}
		if !c.share(at+"/share", p.Share) {
			ok = false
			continue
		}
		sum = sum.Add(exact.From(p.Share))
	}
	if ok && sum.Cmp(exact.Int(1)) != 0 {
		c.add(CodeShares, path+"/parts", "have shares that sum to %s; they must sum to exactly 1", show(sum.Decimal()))
	}
}

func (c *checker) clawback(b *Clawback) {
	if b.Months < 0 || b.Months > maxSpan*12 {
		c.add(CodeRange, "/clawback/months", "is %d; it must be between 0 and %d", b.Months, maxSpan*12)
	}
	if b.Shape != nil {
		c.plain("/clawback/shape", b.Shape)
		if b.Months == 0 {
			c.add(CodeConflict, "/clawback/shape", "tells the share kept by the share of months elapsed; set months too")
		}
	}
	if b.Rerate && b.Credit {
		c.add(CodeConflict, "/clawback/credit", "is only for a clawback that does not re-rate; re-rating takes the credit out anyway")
	}
}

func (c *checker) rounding(r Rounding) {
	word(c, "/rounding/mode", r.Mode, HalfUp, HalfEven, Down)
	if !c.positive("/rounding/unit", r.Unit) || r.Unit.IsZero() {
		return
	}
	places, _ := r.rule()
	if places < -6 || places > 12 || exact.New(1, -places).Cmp(exact.From(r.Unit)) != 0 {
		c.add(CodeRange, "/rounding/unit", "is %s; it must be a power of ten between 0.000000000001 and 1,000,000, such as 0.01", show(r.Unit))
	}
}
