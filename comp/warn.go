package comp

import (
	"fmt"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/internal/exact"
)

// weights warns of weights that do not sum to 1.
func (c *checker) weights(p *Plan) {
	var sum exact.Num
	n := 0
	for i := range p.Components {
		k := &p.Components[i]
		w := k.Weight
		if k.Pays != PaysTarget && w.IsZero() {
			continue
		}
		n++
		if w.IsZero() {
			w = decimal.New(1, 0)
		}
		if !exact.Bounded(w) || w.IsNegative() {
			return
		}
		sum = sum.Add(exact.From(w))
	}
	if n > 0 && sum.Cmp(exact.Int(1)) != 0 {
		c.warn(CodeShares, "/components", "have weights that sum to %s; at 100 %% of everything they pay that multiple of the target incentive", show(sum.Decimal()))
	}
}

// cycles warns of gates that wait for each other.
func (c *checker) cycles(p *Plan) {
	var walk func(i int, path []int)
	steps := 0 // the number of circles grows without measure
	walk = func(i int, path []int) {
		for j := range p.Components[i].Gates {
			of, ok := c.ids[p.Components[i].Gates[j].Of]
			if steps++; !ok || of == i || steps > 10_000 {
				continue
			}
			if of == path[0] {
				names := make([]string, len(path))
				for n, at := range path {
					names[n] = p.Components[at].ID
				}
				c.warn(CodeCycle, fmt.Sprintf("/components/%d/gates/%d", i, j), "closes a circle of gates: %s; each component waits for the others' attainment", strings.Join(names, ", "))
				continue
			}
			// Look at each circle once, from its first component on.
			if of > path[0] && !slices.Contains(path, of) && len(path) < 8 {
				walk(of, append(path, of))
			}
		}
	}
	if len(p.Components) > 200 {
		return // more than anyone can read; the gates work all the same
	}
	for i := range p.Components {
		walk(i, []int{i})
	}
}

// cliffs warns of jumps, and of pay that falls.
func (c *checker) cliffs(path string, k *Component, v *Curve) {
	for i := range v.Bands {
		b := &v.Bands[i]
		if !exact.Bounded(b.From) || !exact.Bounded(b.Rate) || !exact.Bounded(b.Pay) {
			return
		}
	}
	rated := k.Pays == "" || k.Pays == PaysRate
	var before Band // below the first band
	for i, b := range v.Bands {
		at := fmt.Sprintf("%s/bands/%d", path, i)
		from := exact.From(b.From)
		rate := exact.From(b.Rate).Sub(exact.From(before.Rate))
		pay := exact.From(b.Pay).Sub(exact.From(before.Pay))
		none := exact.Num{}
		switch {
		case v.Mode.hasRates() && b.Rate.IsNegative():
			c.warn(CodeMonotone, at+"/rate", "is negative: selling more pays less")
		case v.Mode == Marginal, v.Mode == Prospective:
			if i > 0 {
				c.jump(at, k, from, none, exact.From(b.Pay))
			}
			if v.Mode == Prospective && i > 0 {
				c.jumpOfDeal(at, from, b, before)
			}
		case v.Mode == Retroactive && i > 0:
			c.jump(at, k, from, from.Mul(rate), pay)
		case v.Mode == Step && (i > 0 || from.Sign() > 0),
			v.Mode == Linear && (i == 0 && from.Sign() > 0 || i > 0 && (b.From.Equal(before.From) || pay.Sign() < 0)):
			if rated {
				c.jump(at, k, from, from.Mul(pay), none)
			} else {
				c.jump(at, k, from, none, pay)
			}
		}
		before = b
	}
}

// jump warns of a jump of pay at a position: by rates, which apply to the measure,
// and by sums.
func (c *checker) jump(path string, k *Component, from, rated, sum exact.Num) {
	total := rated.Add(sum)
	worth := show(total.Abs().Decimal())
	switch {
	case k.Pays == PaysTarget:
		worth += " times the target incentive"
	case k.Pays == PaysSum, k.Measure.Quota == "" || rated.IsZero():
	case sum.IsZero():
		worth += " times the quota"
	default:
		worth = show(rated.Decimal()) + " times the quota plus " + show(sum.Decimal())
	}
	switch {
	case total.Sign() > 0:
		c.warn(CodeCliff, path, "is a cliff: the last unit up to %s is worth %s; expect deals to be timed around it, or use a marginal or linear curve", show(from.Decimal()), worth)
	case total.Sign() < 0:
		c.warn(CodeMonotone, path, "makes pay fall by %s from %s on: selling more pays less", worth, show(from.Decimal()))
	}
}

// jumpOfDeal warns of a rate that the deal at hand gets as a whole.
func (c *checker) jumpOfDeal(path string, from exact.Num, b, before Band) {
	switch b.Rate.Cmp(before.Rate) {
	case 1:
		c.warn(CodeCliff, path, "is a cliff: the deal that reaches %s is paid at %s instead of %s, whole; expect deals to be timed around it, or use a marginal curve", show(from.Decimal()), show(b.Rate), show(before.Rate))
	case -1:
		c.warn(CodeMonotone, path, "makes pay fall: the deal that reaches %s is paid at %s instead of %s, whole", show(from.Decimal()), show(b.Rate), show(before.Rate))
	}
}

// capped warns of bands that a limit on the component's own window never lets
// matter.
func (c *checker) capped(path string, k *Component) {
	reset := k.Measure.Reset
	for i := range k.Limits {
		l := &k.Limits[i]
		alike := l.Target == (k.Pays == PaysTarget) && (k.Pays == PaysTarget || k.Pays == PaysSum || k.Measure.Quota == "")
		if l.Max == nil || l.Per != reset || l.Excess == Defer || !alike || len(k.Factors) > 0 || len(k.Measure.Lifts) > 0 || !exact.Bounded(*l.Max) {
			continue
		}
		most := exact.From(*l.Max)
		if k.Pays == PaysTarget && !k.Weight.IsZero() {
			if !exact.Bounded(k.Weight) {
				continue
			}
			most, _ = exact.Quo(most, exact.From(k.Weight), quotientPlaces, exact.HalfUp)
		}
		if at := c.firstAbove(k, most); at > 0 && at < len(k.Curve.Bands) {
			c.warn(CodeUnreachable, fmt.Sprintf("%s/bands/%d", path, at), "never matters: the limit of %s is reached before it", show(*l.Max))
		}
	}
}

// firstAbove is the first band at whose start, and at those of all later bands,
// pay is at least most already; len(Bands) for none.
func (c *checker) firstAbove(k *Component, most exact.Num) int {
	v := k.Curve
	rate := k.Pays == "" || k.Pays == PaysRate
	at := len(v.Bands)
	for i := len(v.Bands) - 1; i > 0; i-- {
		var before decimal.Decimal
		switch from := v.Bands[i].From; {
		case !exact.Bounded(from):
			return len(v.Bands)
		case v.Mode == Marginal:
			before = v.Pay(from).Sub(v.Bands[i].Pay)
		case v.Mode == Step && !rate:
			before = v.Bands[i-1].Pay
		case v.Mode == Linear && !rate:
			before = v.Pay(from)
		default:
			return len(v.Bands)
		}
		if !exact.Bounded(before) || exact.From(before).Cmp(most) < 0 {
			break
		}
		at = i
	}
	return at
}
