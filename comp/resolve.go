package comp

import (
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
)

// run is one calculation under way.
type run struct {
	*faults
	c  *Calculator
	in *Case
	*scratch
	// since is the day from which everything is recomputed.
	since salesops.Date
	deals int // number of groups
	// prior finds the ledger's entries by ID.
	prior    map[string]int32
	ledger   []posted
	byRoot   map[string][]int32 // the same by deal; see ledger
	seen     []bool             // ledger entries that are made again
	periods  []salesops.Period  // pay periods from since to the case's
	measured []measured
	draws    []draw
	unused   []Unused
}

// row is a credit with what its Refs lead to.
type row struct {
	*Credit
	// base is the row referred to, root the booking at the end of the Refs: the
	// row itself without a Ref, -1 when it is not among the credits.
	base, root int32
	// group numbers the deals: rows with the same root have the same group.
	group int32
	// sibling is the next row with the same ID, of another kind; -1 for none.
	sibling int32
	// counts is the event under which measures see the row: that of base, for
	// a refund.
	counts   Event
	reversal bool
	// scope says which part the row plays.
	scope scope
	// booked is the date of the root.
	booked salesops.Date
	origin salesops.Period // the pay period of the row's own date
	tags   Tags
	deal   string // ID of the root, known or not
}

type scope uint8

const (
	inScope  scope = iota
	lookedUp       // before since: only looked up
	aside          // not part of this calculation
)

// resolve checks the credits, follows their references and puts them in order.
func (r *run) resolve() {
	credits := r.in.Credits
	for i := range credits {
		cr := &credits[i]
		w := &r.rows[i]
		w.Credit, w.base, w.root, w.sibling, w.tags, w.counts, w.deal = cr, int32(i), int32(i), -1, cr.Tags, cr.event(), cr.ID
		w.booked = cr.Date
		w.reversal = w.counts == Refund || w.counts == Cancel
		if !r.checkCredit(i, cr) {
			w.scope = aside
			continue
		}
		first, ok := r.index[cr.ID]
		if !ok {
			r.index[cr.ID] = int32(i)
			r.order = append(r.order, int32(i))
			continue
		}
		if at := r.sibling(first, cr.kind()); at >= 0 {
			w.scope = aside
			if cr.same(&credits[at]) {
				r.setAside(i, unusedDuplicate)
			} else {
				r.addDeal(cr.ID, "credits/"+itoa(i), "", "differs from credits/%d with the same ID and kind; give each row an ID of its own", at)
			}
			continue
		}
		w.sibling = r.rows[first].sibling
		r.rows[first].sibling = int32(i)
		r.order = append(r.order, int32(i))
	}
	for _, i := range r.order {
		if r.rows[i].Ref != "" {
			r.follow(i)
		}
	}
	if !slices.IsSortedFunc(r.order, r.compare) {
		slices.SortFunc(r.order, r.compare)
	}
	r.group()
}

// sibling returns the row of a kind among those with the same ID; -1 for none.
func (r *run) sibling(first int32, kind CreditKind) int32 {
	for first >= 0 && r.rows[first].kind() != kind {
		first = r.rows[first].sibling
	}
	return first
}

// find returns the row with an ID, best one of the same kind.
func (r *run) find(id string, kind CreditKind) (int32, bool) {
	first, ok := r.index[id]
	if !ok {
		return -1, false
	}
	for _, k := range [...]CreditKind{kind, Direct, Overlay} {
		if at := r.sibling(first, k); at >= 0 {
			return at, true
		}
	}
	return first, true
}

// follow finds the row that a row refers to, and the booking behind it.
func (r *run) follow(i int32) {
	w := &r.rows[i]
	at, steps := i, 0
	for r.rows[at].Ref != "" {
		next, ok := r.find(r.rows[at].Ref, w.kind())
		if at == i {
			w.base = next
		}
		if steps++; steps > maxRefs || next == i {
			r.addDeal(w.ID, "credits/"+itoa(int(i))+"/ref", w.Ref, "refers in a circle, or over more than %d rows", maxRefs)
			w.scope = aside
			return
		}
		if !ok {
			w.root, w.deal = -1, r.rows[at].Ref
			break
		}
		at = next
		w.root, w.deal, w.booked = at, r.rows[at].ID, r.rows[at].Date
	}
	if w.reversal {
		w.counts = Booking
		if w.base >= 0 && !r.rows[w.base].reversal {
			w.counts = r.rows[w.base].event()
			r.checkReversal(i, w, &r.rows[w.base])
		}
	}
	if len(w.tags) == 0 {
		for _, from := range [...]int32{w.base, w.root} {
			if from >= 0 && len(r.rows[from].Tags) > 0 {
				w.tags = r.rows[from].Tags
				break
			}
		}
	}
}

// checkReversal checks that a refund takes back margin and units, rather than
// adding to them.
func (r *run) checkReversal(i int32, w, base *row) {
	for _, f := range [...]struct {
		name      string
		back, was decimal.Decimal
	}{{"margin", w.Margin, base.Margin}, {"units", w.Units, base.Units}} {
		if f.back.Sign()*f.was.Sign() > 0 {
			r.addDeal(w.ID, "credits/"+itoa(int(i))+"/"+f.name, show(f.back), "of a %s must have the opposite sign of the %s it takes back, %s", w.Event, f.name, show(f.was))
		}
	}
}

// compare is the canonical order.
func (r *run) compare(a, b int32) int {
	x, y := r.rows[a].Credit, r.rows[b].Credit
	if d := x.Date.Compare(y.Date); d != 0 {
		return d
	}
	if d := strings.Compare(x.ID, y.ID); d != 0 {
		return d
	}
	return strings.Compare(string(x.kind()), string(y.kind()))
}

// group numbers the deals in canonical order.
func (r *run) group() {
	for i := range r.rows {
		r.rows[i].group = -1
	}
	var lost map[string]int32
	for _, i := range r.order {
		w := &r.rows[i]
		switch {
		case w.root >= 0 && w.root != i && r.rows[w.root].group >= 0:
			w.group = r.rows[w.root].group
			continue
		case w.root < 0:
			if g, ok := lost[w.deal]; ok {
				w.group = g
				continue
			}
			if lost == nil {
				lost = map[string]int32{}
			}
			lost[w.deal] = int32(r.deals)
		case w.group >= 0:
			continue
		default:
			r.rows[w.root].group = int32(r.deals)
		}
		w.group = int32(r.deals)
		r.deals++
	}
}

func (r *run) setAside(i int, reason string) {
	r.rows[i].scope = aside
	r.unused = append(r.unused, Unused{Index: i, Deal: r.rows[i].ID, Reason: reason})
}
