package comp

import (
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/internal/exact"
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

// checkCredit checks what can be seen in the credit alone.
func (r *run) checkCredit(i int, cr *Credit) bool {
	before := len(r.list) + r.more
	bad := func(field, value, format string, args ...any) {
		r.addDeal(cr.ID, "credits/"+itoa(i)+"/"+field, value, format, args...)
	}
	if cr.ID == "" {
		bad("id", "", "must not be empty")
	}
	if cr.Payee != "" && cr.Payee != r.in.Payee.ID {
		bad("payee", cr.Payee, "is not the payee of the case; pass each payee's own credits")
	}
	if cr.Date.IsZero() {
		bad("date", "", "must be set")
	}
	if cr.Currency != r.c.plan.Currency && (cr.Currency != "" || cr.event() != Release) {
		bad("currency", cr.Currency, "is not the plan's %s; convert the credits first, with Convert", r.c.plan.Currency)
	}
	for _, f := range [...]struct {
		name string
		ok   bool
	}{
		{"amount", exact.Bounded(cr.Amount)},
		{"margin", exact.Bounded(cr.Margin)},
		{"units", exact.Bounded(cr.Units)},
	} {
		if !f.ok {
			bad(f.name, "", "is out of bounds: an exponent within ±18 and at most 36 digits are allowed")
		}
	}
	switch cr.event() {
	case Booking, Invoice, Payment, Release:
	case Refund, Cancel:
		if cr.Ref == "" {
			bad("ref", "", "of a %s must name what it takes back; a credit note for no deal in particular is a booking with a negative amount", cr.Event)
		}
		if cr.Amount.IsPositive() && exact.Bounded(cr.Amount) {
			bad("amount", show(cr.Amount), "of a %s must be negative: it takes back what it refers to", cr.Event)
		}
	default:
		bad("event", string(cr.Event), "is not an event: use booking, invoice, payment, refund, cancel or release")
	}
	switch cr.kind() {
	case Direct, Overlay, RolledUp:
	default:
		bad("kind", string(cr.Kind), "is not a kind of credit: use direct, overlay or rollup")
	}
	return len(r.list)+r.more == before
}

// same reports whether two credits with the same ID say the same.
func (c *Credit) same(o *Credit) bool {
	return c.Ref == o.Ref && c.event() == o.event() && c.Date == o.Date && c.Currency == o.Currency &&
		c.Amount.Equal(o.Amount) && c.Margin.Equal(o.Margin) && c.Units.Equal(o.Units) && sameTags(c.Tags, o.Tags)
}

func sameTags(a, b Tags) bool {
	if len(a) != len(b) {
		return false
	}
	for k, v := range a {
		if w, ok := b[k]; !ok || v != w {
			return false
		}
	}
	return true
}

func (r *run) setAside(i int, reason string) {
	r.rows[i].scope = aside
	r.unused = append(r.unused, Unused{Index: i, Deal: r.rows[i].ID, Reason: reason})
}

// place decides which credits take part: it finds the plan of each by the
// booking date of its deal, and where recomputing starts.
func (r *run) place() {
	end := r.in.Period.End
	earliest := r.in.Period.Start
	kept := r.order[:0]
	terms := r.in.Payee.Terms
	near := 0 // the term of the credit before
	for _, i := range r.order {
		w := &r.rows[i]
		if w.scope == aside {
			continue
		}
		if !w.Date.Before(end) {
			r.setAside(int(i), unusedLater)
			continue
		}
		booked := w.booked
		if near >= len(terms) || !terms[near].Span.Contains(booked) {
			near = slices.IndexFunc(terms, func(t Term) bool { return t.Span.Contains(booked) })
		}
		if near < 0 {
			near = 0
			if w.root >= 0 || !r.isBooked(w.deal) { // a deal of the ledger is this plan's
				r.addDeal(w.ID, "credits/"+itoa(int(i))+"/date", booked.String(), "is outside every term of the payee; add a term, or correct the date")
				continue
			}
		} else if terms[near].Plan != r.c.plan.ID && (w.root >= 0 || !r.isBooked(w.deal)) {
			r.setAside(int(i), unusedPlan)
			continue
		} else if !r.c.plan.Span.Contains(booked) && w.root >= 0 {
			r.addDeal(w.ID, "credits/"+itoa(int(i))+"/date", booked.String(), "is outside the plan's span %s; give the payee a term with the plan of that day", r.c.plan.Span)
			continue
		}
		if day := r.onPlan(w.Date); day.Before(earliest) {
			earliest = day
			if start := r.c.plan.Span.Start; earliest.Before(start) {
				earliest = start
			}
		}
		w.origin = r.c.window(PerPeriod, w.Date)
		kept = append(kept, i)
	}
	r.order = kept
	r.since = r.c.align(earliest)
	if given := r.in.Since; !given.IsZero() {
		if aligned := r.c.align(given); aligned != given {
			r.add("since", given.String(), "lies inside a window of the plan; use %s", aligned)
		} else if latest := r.c.Since(r.in.Period); given.After(latest) {
			r.add("since", given.String(), "is too late: credits must be complete from %s, when the longest window of the period starts", latest)
		}
		r.since = given
		for _, i := range r.order {
			if r.rows[i].Date.Before(given) {
				r.rows[i].scope = lookedUp
			}
		}
	}
}
