package metrics

import (
	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/internal/exact"
	"github.com/salesops-go/salesops/internal/fault"
)

// Recurring is the bridge of monthly recurring revenue (MRR) from the start of a period to its end:
//
//	Start + New + Expansion + Reactivation − Contraction − Churn = End
//
// All amounts are magnitudes, 0 or more, and all movements are net per customer: who cancels one of several subscriptions
// contracts, and churns only with the last (ChartMogul). [Recurring.AddCustomer] sorts customers so. A bridge may also be filled
// by hand; then End must be filled as well, and figures of one that does not balance have no value, but a reason: see
// [Recurring.Check]. A bridge of annual recurring revenue (ARR) gives the same rates; only MRR, ARR, ARPA and NetNewMRR read
// the amounts as those of a month.
//
// Merging puts customers of the same period together, such as those of two regions. It does not put months together to a year:
// Start and End are stocks, and who joined in March and left in May was never in the base of January.
//
// The zero value is the bridge of no customers, and the identity of [Recurring.Merge].
type Recurring struct {
	// Currency is that of all amounts.
	Currency string `json:"currency"`
	// Start is the MRR at the start of the period.
	Start decimal.Decimal `json:"start"`
	// New is the MRR at the end of those who never paid before the period.
	New decimal.Decimal `json:"new"`
	// Expansion is what those who paid at the start pay more at the end.
	Expansion decimal.Decimal `json:"expansion"`
	// Reactivation is the MRR at the end of those who paid once, but not at the start.
	Reactivation decimal.Decimal `json:"reactivation"`
	// Contraction is what those who paid at the start, and still pay, pay less at the end.
	Contraction decimal.Decimal `json:"contraction"`
	// Churn is the MRR at the start of those who pay nothing at the end.
	Churn decimal.Decimal `json:"churn"`
	// End is the MRR at the end of the period.
	End decimal.Decimal `json:"end"`
	// StartCustomers is how many customers paid at the start.
	StartCustomers int64 `json:"startCustomers"`
	// NewCustomers is how many are behind New.
	NewCustomers int64 `json:"newCustomers"`
	// ExpandedCustomers is how many are behind Expansion.
	ExpandedCustomers int64 `json:"expandedCustomers"`
	// ReactivatedCustomers is how many are behind Reactivation.
	ReactivatedCustomers int64 `json:"reactivatedCustomers"`
	// ContractedCustomers is how many are behind Contraction.
	ContractedCustomers int64 `json:"contractedCustomers"`
	// ChurnedCustomers is how many are behind Churn.
	ChurnedCustomers int64 `json:"churnedCustomers"`
	// EndCustomers is how many customers pay at the end: StartCustomers + NewCustomers + ReactivatedCustomers − ChurnedCustomers.
	EndCustomers int64 `json:"endCustomers"`
}

// CustomerRevenue is what one customer pays a month, with all subscriptions together, at the start of a period and at its end.
type CustomerRevenue struct {
	// ID names the customer, in errors.
	ID string `json:"id"`
	// Currency is that of the amounts.
	Currency string `json:"currency"`
	// Before is the MRR at the start of the period, 0 if there is none.
	Before decimal.Decimal `json:"before"`
	// After is the MRR at the end, 0 if there is none.
	After decimal.Decimal `json:"after"`
	// EverPaid says that the customer had paid at some time before the period. With Before 0 it tells one who comes back from
	// a new one; with Before above 0 it says nothing.
	EverPaid bool `json:"everPaid"`
}

// AddCustomer adds one customer, as new, expanded, reactivated, contracted, churned, or as one who pays what was paid before.
// Each customer must be added once. One who pays neither before nor after is in no part of the bridge, nor is the currency.
//
// AddCustomer returns an error ([ErrInput]), and adds nothing, if:
//   - an amount is negative or out of bounds
//   - the currency is not that of the customers before
//   - a sum would have more than 64 digits
func (r *Recurring) AddCustomer(c CustomerRevenue) error {
	var f faults
	before, after := f.revenue(c.ID, "before", c.Before), f.revenue(c.ID, "after", c.After)
	if err := f.err(); err != nil {
		return err
	}
	change := after.Sub(before)
	if before.IsZero() && after.IsZero() {
		return nil
	}
	if c.Currency != r.Currency && !(r.Currency == "" && r.fields().isZero()) {
		return &Error{
			ID: fault.Clip(c.ID), Path: "currency", Value: fault.Clip(c.Currency), Err: ErrInput,
			Msg: "is not " + quoted(r.Currency) + ", with which it would add up: convert to one currency first",
		}
	}
	next := *r
	next.Currency = c.Currency
	moved, movers := &next.Expansion, &next.ExpandedCustomers
	switch {
	case before.IsZero() && c.EverPaid:
		moved, movers = &next.Reactivation, &next.ReactivatedCustomers
	case before.IsZero():
		moved, movers = &next.New, &next.NewCustomers
	case after.IsZero():
		moved, movers = &next.Churn, &next.ChurnedCustomers
	case change.Sign() < 0:
		moved, movers = &next.Contraction, &next.ContractedCustomers
	}
	if !addRevenue(&next.Start, &next.StartCustomers, before) || !addRevenue(&next.End, &next.EndCustomers, after) ||
		!addRevenue(moved, movers, change.Abs()) {
		return &Error{
			ID: fault.Clip(c.ID), Path: "recurring revenue", Err: ErrInput,
			Msg: "is out of bounds, or would have a sum of more than 64 digits",
		}
	}
	*r = next
	return nil
}

// addRevenue adds an amount and its customer, unless it is 0; ok is false if a sum is out of bounds.
func addRevenue(sum *decimal.Decimal, customers *int64, n exact.Num) (ok bool) {
	if n.IsZero() {
		return true
	}
	s, ok := admitSum(*sum)
	if !ok || *customers < 0 {
		return false
	}
	*sum = s.Add(n).Decimal()
	_, ok = admitSum(*sum)
	return ok && addCount(customers, 1)
}

// revenue admits an amount that must not be negative.
func (f *faults) revenue(id, path string, d decimal.Decimal) exact.Num {
	n, ok := f.amount(id, path, d)
	if ok && n.Sign() < 0 {
		f.add(ErrInput, id, path, decimalText(d), "must not be negative: revenue that ends is an After of 0")
	}
	return n
}

// Merge adds the customers of o, which stays as it is. nil is empty; r may be o.
//
// Merge returns an error ([ErrMismatch]), and changes nothing, if:
//   - the currencies differ
//   - a count would be beyond 2^63-1, or a sum have more than 64 digits
func (r *Recurring) Merge(o *Recurring) error {
	if o == nil {
		return nil
	}
	return r.fields().merge(o.fields())
}

// Sub takes the customers of o away again, which stays as it is: the inverse of [Recurring.Merge]. nil is empty; r may be o.
//
// Sub returns an error ([ErrMismatch]), and changes nothing, if r does not hold them all, or the currencies differ.
func (r *Recurring) Sub(o *Recurring) error {
	if o == nil {
		return nil
	}
	rest := *r
	if err := rest.fields().sub(o.fields()); err != nil {
		return err
	}
	if rest.Check() != nil {
		return errNotHeld("customers")
	}
	*r = rest
	return nil
}

// Balance returns Start + New + Expansion + Reactivation − Contraction − Churn − End, which is 0; ok is false if an amount is out
// of bounds.
func (r Recurring) Balance() (rest decimal.Decimal, ok bool) {
	var f faults
	b := f.bridge(ErrInput, &r)
	if b.unbounded {
		return decimal.Decimal{}, false
	}
	return b.start.Add(b.net()).Sub(b.end).Decimal(), true
}

// Check returns all faults of a bridge that was filled by hand ([ErrInput]):
//   - an amount or a count is negative, or an amount out of bounds
//   - amounts or counts of customers do not balance
//   - more contracted and churned than there was at the start
func (r Recurring) Check() error {
	var f faults
	f.bridge(ErrInput, &r)
	return f.err()
}

func (r *Recurring) fields() fields {
	return fields{
		what: "recurring revenue", kind: 'r', currency: &r.Currency,
		counts: []*int64{
			&r.StartCustomers, &r.NewCustomers, &r.ExpandedCustomers, &r.ReactivatedCustomers, &r.ContractedCustomers,
			&r.ChurnedCustomers, &r.EndCustomers,
		},
		amounts: []*decimal.Decimal{&r.Start, &r.New, &r.Expansion, &r.Reactivation, &r.Contraction, &r.Churn, &r.End},
	}
}

// bridge holds the amounts as numbers to count with.
type bridge struct {
	start, new, expansion, reactivation, contraction, churn, end exact.Num
	unbounded                                                    bool
}

// lost is what those who paid at the start pay less.
func (b *bridge) lost() exact.Num { return b.contraction.Add(b.churn) }

// net is the sum of the movements.
func (b *bridge) net() exact.Num { return b.new.Add(b.expansion).Add(b.reactivation).Sub(b.lost()) }

// bridge reads the amounts, and tells of faults with the kind.
func (f *faults) bridge(kind error, r *Recurring) (b bridge) {
	faultless := true
	fail := func(path, value, msg string) {
		faultless = false
		f.add(kind, "", path, value, msg)
	}
	for _, a := range []struct {
		path string
		d    *decimal.Decimal
		to   *exact.Num
	}{
		{"start", &r.Start, &b.start},
		{"new", &r.New, &b.new},
		{"expansion", &r.Expansion, &b.expansion},
		{"reactivation", &r.Reactivation, &b.reactivation},
		{"contraction", &r.Contraction, &b.contraction},
		{"churn", &r.Churn, &b.churn},
		{"end", &r.End, &b.end},
	} {
		var ok bool
		if *a.to, ok = admitSum(*a.d); !ok {
			b.unbounded = true
			fail(a.path, "", outOfBounds)
		} else if a.to.Sign() < 0 {
			fail(a.path, decimalText(*a.d), "must not be negative: movements are magnitudes")
		}
	}
	for _, c := range []struct {
		path string
		n    int64
	}{
		{"startCustomers", r.StartCustomers},
		{"newCustomers", r.NewCustomers},
		{"expandedCustomers", r.ExpandedCustomers},
		{"reactivatedCustomers", r.ReactivatedCustomers},
		{"contractedCustomers", r.ContractedCustomers},
		{"churnedCustomers", r.ChurnedCustomers},
		{"endCustomers", r.EndCustomers},
	} {
		if c.n < 0 {
			fail(c.path, intText(c.n), "must not be negative")
		}
	}
	if !faultless {
		return b
	}
	if end := b.start.Add(b.net()); end.Cmp(b.end) != 0 {
		fail("end", decimalText(r.End),
			"must be start + new + expansion + reactivation − contraction − churn, which is "+decimalText(end.Decimal()))
	}
	if b.lost().Cmp(b.start) > 0 {
		fail("churn", decimalText(r.Churn), "must not be more than start, with contraction")
	}
	churned := exact.Int(r.ChurnedCustomers)
	end := exact.Int(r.StartCustomers).Add(exact.Int(r.NewCustomers)).Add(exact.Int(r.ReactivatedCustomers)).Sub(churned)
	if end.Cmp(exact.Int(r.EndCustomers)) != 0 {
		fail("endCustomers", intText(r.EndCustomers),
			"must be start + new + reactivated − churned customers, which is "+decimalText(end.Decimal()))
	}
	moved := exact.Int(r.ExpandedCustomers).Add(exact.Int(r.ContractedCustomers)).Add(churned)
	if moved.Cmp(exact.Int(r.StartCustomers)) > 0 {
		fail("startCustomers", intText(r.StartCustomers), "must be at least the expanded, contracted and churned customers")
	}
	return b
}
