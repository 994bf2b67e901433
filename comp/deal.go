package comp

import (
	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/internal/exact"
)

// dealSums is what each deal has come to in one component.
type dealSums struct {
	of    map[int32]*taken
	order []int32          // groups in the order in which they came up
	lines map[int32]*taken // the same for single credits, by row; see line
}

// taken is what a deal has come to in a component, and what was taken back.
type taken struct {
	deal    string
	origin  salesops.Period
	total   exact.Num // what the curve and the limits per deal make
	net     exact.Num // measure, less refunds
	earned  exact.Num // by the curve, without refunds
	measure exact.Num // what earned it
	capped  exact.Num // of earned, lost to a limit per deal: zero or negative
	early   bool      // it was booked before since, and is not recomputed
	// share of the measure taken back so far, times what is not kept, over den;
	// back is the same in money.
	share, den, back exact.Num
}

// sumDeals adds up the entries of a component by deal.
func (r *run) sumDeals(entries []entry) *dealSums {
	d := &dealSums{of: make(map[int32]*taken)}
	for i := range entries {
		e := &entries[i]
		if e.group < 0 || e.row < 0 {
			continue
		}
		t := d.of[e.group]
		if t == nil {
			w := &r.rows[e.row]
			t = &taken{deal: w.deal, origin: e.origin, den: exact.Int(1)}
			if w.root >= 0 {
				t.early = r.rows[w.root].scope == lookedUp
			} else {
				t.early = r.isBooked(w.deal, r.since)
			}
			d.of[e.group] = t
			d.order = append(d.order, e.group)
		}
		t.total = t.total.Add(e.total)
		t.net = t.net.Add(e.measure)
		if e.kind == Earn {
			t.earned = t.earned.Add(e.total)
			t.measure = t.measure.Add(e.measure)
		}
	}
	return d
}

// line returns what a single credit has earned, nil if it earned nothing of its
// own. The sums are made when first asked for.
func (d *dealSums) line(row int32, entries []entry) *taken {
	if d.lines == nil {
		d.lines = make(map[int32]*taken)
		for i := range entries {
			if e := &entries[i]; e.kind == Earn && e.row >= 0 {
				d.lines[e.row] = &taken{earned: e.total, measure: e.measure, den: exact.Int(1)}
			}
		}
	}
	return d.lines[row]
}

// base is what a deal, or a credit, was booked at.
func (t *taken) base() exact.Num { return t.earned.Add(t.capped) }

// add counts a refund of a part of the measure, of which the share kept is
// kept/den.
func (t *taken) add(part, kept, den exact.Num) {
	part = part.Mul(den.Sub(kept))
	if t.den.Cmp(den) == 0 {
		t.share = t.share.Add(part)
		return
	}
	t.share = t.share.Mul(den).Add(part.Mul(t.den))
	t.den = t.den.Mul(den)
}

// count adds what was taken back by other means to what the measure's share has
// taken back.
func (t *taken) count(back exact.Num) {
	base := t.base()
	if base.Sign() <= 0 || t.measure.Sign() <= 0 || back.IsZero() {
		return
	}
	t.back = t.back.Add(back)
	t.share = t.share.Mul(base).Add(back.Mul(t.measure).Mul(t.den))
	t.den = t.den.Mul(base)
}

// isBooked reports whether the ledger has earnings of a deal from before a day.
// The refunds of a deal that is not known say nothing about it.
func (r *run) isBooked(deal string, before salesops.Date) bool {
	for _, i := range r.about(deal) {
		if p := &r.ledger[i]; p.kind == Earn && p.origin.Start.Before(before) {
			return true
		}
	}
	return false
}

// about returns the ledger's entries about a deal, by index.
func (r *run) about(deal string) []int32 {
	if r.byRoot == nil {
		r.byRoot = make(map[string][]int32)
		roots := make(map[string]string) // of credits with a line of their own
		for i := range r.ledger {
			if p := &r.ledger[i]; p.kind == Earn && p.Ref != "" {
				roots[p.name] = p.Ref
			}
		}
		for i := range r.ledger {
			p := &r.ledger[i]
			root := p.root()
			if of, ok := roots[p.target()]; ok && p.kind == Clawed {
				root = of
			}
			if p.component != "" && root != "" {
				r.byRoot[root] = append(r.byRoot[root], int32(i))
			}
		}
	}
	return r.byRoot[deal]
}
