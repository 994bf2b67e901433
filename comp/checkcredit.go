package comp

import (
	"github.com/salesops-go/salesops/internal/exact"
)

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
