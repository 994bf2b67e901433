package comp_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/salesops-go/salesops/comp"
)

// Laws of Calculate as a whole. They are numbered as in the list of invariants
// that the package is built on.

// encode is what two equal statements or states have in common.
func encode(t rapid.TB, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func text(v decimal.Decimal) string { return v.StringFixed(max(0, -v.Exponent())) }

// plain writes a decimal without its representation.
func plain(v decimal.Decimal) string {
	s := text(v)
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	if s == "-0" {
		s = "0"
	}
	return s
}

// ledger is what a state has booked, by line ID, without what came to nothing.
// keep picks the kinds; nil: all.
func ledger(s comp.State, keep func(comp.Kind) bool) map[string]string {
	out := make(map[string]string)
	for _, b := range s.Booked {
		if !b.Total.IsZero() && (keep == nil || keep(kindOf(b))) {
			out[b.ID] = plain(b.Total)
		}
	}
	return out
}

// kindOf is the kind of a ledger entry, which its ID starts with.
func kindOf(b comp.Booked) comp.Kind {
	kind, _, _ := strings.Cut(b.ID, "/")
	return comp.Kind(kind)
}

// earning reports whether a line or a ledger entry is part of Statement.Earned.
func earning(k comp.Kind) bool {
	switch k {
	case comp.Earn, comp.Adjust, comp.Clawed, comp.Capped, comp.Floored, comp.Deferred:
		return true
	}
	return false
}

// paying reports whether it is made by draws and carry.
func paying(k comp.Kind) bool {
	return k == comp.Drawn || k == comp.Advanced || k == comp.Recouped || k == comp.Carried
}

// sums adds up the lines of a statement.
func sums(st comp.Statement) (earned, payable, net decimal.Decimal) {
	for _, l := range st.Lines {
		net = net.Add(l.Amount)
		if earning(l.Kind) {
			earned = earned.Add(l.Amount)
		}
		if !paying(l.Kind) {
			payable = payable.Add(l.Amount)
		}
	}
	return earned, payable, net
}

// sound checks what holds for every statement.
func sound(t rapid.TB, w *world, st comp.Statement, next comp.State) {
	t.Helper()
	earned, payable, net := sums(st)
	if !earned.Equal(st.Earned) || !payable.Equal(st.Payable) || !net.Equal(st.Net) {
		t.Fatalf("%s: lines sum to earned %s, payable %s, net %s; the statement says %s, %s, %s", st.Period,
			text(earned), text(payable), text(net), text(st.Earned), text(st.Payable), text(st.Net))
	}
	unit, totals := w.unit(), make(map[string]decimal.Decimal)
	for _, b := range next.Booked {
		totals[b.ID] = b.Total
	}
	for _, l := range st.Lines {
		if _, rest := l.Amount.QuoRem(unit, 0); !rest.IsZero() {
			t.Fatalf("%s is %s, no multiple of %s", l.ID, text(l.Amount), text(unit))
		}
		if total := totals[l.ID]; !total.Equal(l.Booked.Add(l.Amount)) {
			t.Fatalf("%s: booked %s and now %s; the ledger says %s", l.ID, text(l.Booked), text(l.Amount), text(total))
		}
	}
	var held, deferred, carry decimal.Decimal
	for _, b := range next.Booked {
		switch kindOf(b) {
		case comp.Held:
			held = held.Sub(b.Total)
		case comp.Deferred:
			deferred = deferred.Sub(b.Total)
		case comp.Carried:
			carry = carry.Add(b.Total)
		}
	}
	if a := st.After; !a.Held.Equal(held) || !a.Deferred.Equal(deferred) || !a.Carry.Equal(carry) {
		t.Fatalf("%s: the ledger holds %s, %s, %s; the balances say %+v", st.Period, text(held), text(deferred), text(carry), a)
	}
	for name, v := range map[string]decimal.Decimal{"held": st.After.Held, "deferred": st.After.Deferred, "draw": st.After.Draw, "carry": st.After.Carry} {
		if v.IsNegative() {
			t.Fatalf("%s: the balance %s is %s", st.Period, name, text(v))
		}
	}
}

// walk runs all periods in order, and checks each statement.
func (w *world) walk(t rapid.TB, c *comp.Calculator) (all []comp.Statement, last comp.State) {
	t.Helper()
	for i := range w.periods {
		st, next, err := c.Calculate(w.at(i, last))
		if err != nil {
			t.Fatalf("%s: %v", w.periods[i], err)
		}
		sound(t, w, st, next)
		if !cmp.Equal(plainBalances(st.Before), plainBalances(after(all))) && !slices.ContainsFunc(w.allDraws(), func(d comp.Draw) bool { return d.Forgiven }) {
			t.Fatalf("%s opens with %+v, the one before closed with %+v", st.Period, st.Before, after(all))
		}
		if w.plan.Negative != comp.Charge && st.Net.IsNegative() {
			t.Fatalf("%s: pays %s, though negative pay is carried", st.Period, text(st.Net))
		}
		all, last = append(all, st), next
	}
	return all, last
}

func after(all []comp.Statement) comp.Balances {
	if len(all) == 0 {
		return comp.Balances{}
	}
	return all[len(all)-1].After
}

func plainBalances(b comp.Balances) [4]string {
	return [4]string{plain(b.Held), plain(b.Deferred), plain(b.Draw), plain(b.Carry)}
}

func (w *world) allDraws() []comp.Draw {
	out := slices.Clone(w.plan.Draws)
	for _, term := range w.payee.Terms {
		out = append(out, term.Draws...)
	}
	return out
}

func TestLaw08_deltasSumToTheWhole(t *testing.T) { rapid.Check(t, lawDeltas) }

// However the year is cut into pay periods, and whenever a credit becomes known,
// what is booked in the end is what one run of the last period books in all.
func lawDeltas(t *rapid.T) {
	w := drawWorld(t, wanted{})
	c := w.calculator(t)
	_, last := w.walk(t, c)
	in := w.last()
	in.Since = c.Since(w.periods[0]) // windows without credits are complete too
	st, once, err := c.Calculate(in)
	if err != nil {
		t.Fatal(err)
	}
	sound(t, w, st, once)
	keep := func(k comp.Kind) bool { return !paying(k) }
	if diff := cmp.Diff(ledger(once, keep), ledger(last, keep)); diff != "" {
		t.Fatalf("booked period by period differs from booked at once (-once +by period):\n%s", diff)
	}
}

func TestLaw08_aSecondRunBooksNothing(t *testing.T) { rapid.Check(t, lawIdempotent) }

// Closing a period again with its own new state books nothing and changes nothing.
func lawIdempotent(t *rapid.T) {
	w := drawWorld(t, wanted{})
	c := w.calculator(t)
	again := rapid.IntRange(0, len(w.periods)-1).Draw(t, "period run again")
	var state comp.State
	for i := range again + 1 {
		_, next, err := c.Calculate(w.at(i, state))
		if err != nil {
			t.Fatal(err)
		}
		state = next
	}
	st, next, err := c.Calculate(w.at(again, state))
	if err != nil {
		t.Fatal(err)
	}
	if len(st.Lines) > 0 || !st.Net.IsZero() || !st.Earned.IsZero() || !st.Payable.IsZero() {
		t.Fatalf("a second run books %s in %d lines, the first of them %s", text(st.Net), len(st.Lines), encode(t, st.Lines[:min(1, len(st.Lines))]))
	}
	if plainBalances(st.Before) != plainBalances(st.After) {
		t.Fatalf("a second run moves the balances from %+v to %+v", st.Before, st.After)
	}
	byID := func(a, b comp.Booked) int { return strings.Compare(a.ID, b.ID) }
	slices.SortFunc(state.Booked, byID)
	slices.SortFunc(next.Booked, byID)
	if diff := cmp.Diff(encode(t, state), encode(t, next)); diff != "" {
		t.Fatalf("a second run changes the state (-first +second):\n%s", diff)
	}
}

func TestLaw08_sinceIsEnough(t *testing.T) { rapid.Check(t, lawSince) }

// With nothing new before the day that Since tells, recomputing from there gives
// what recomputing everything gives.
func lawSince(t *rapid.T) {
	w := drawWorld(t, wanted{late: true})
	if w.plan.Clawback != nil {
		w.plan.Clawback.Rerate = false // it reaches back, and Calculate says so
	}
	c := w.calculator(t)
	var state comp.State
	for i := range w.periods {
		full := w.at(i, state)
		part := full
		part.Since = c.Since(full.Period)
		want, next, err := c.Calculate(full)
		if err != nil {
			t.Fatal(err)
		}
		got, shorter, err := c.Calculate(part)
		if fault := (*comp.Error)(nil); errors.As(err, &fault) && fault.Path == "since" && readsAnew(w.plan) {
			state = next // it reaches back too, and says so
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(amounts(want), amounts(got)); diff != "" {
			t.Fatalf("%s from %s on (-all +since):\n%s", full.Period, part.Since, diff)
		}
		if diff := cmp.Diff(ledger(next, nil), ledger(shorter, nil)); diff != "" {
			t.Fatalf("state of %s from %s on (-all +since):\n%s", full.Period, part.Since, diff)
		}
		state = next
	}
}

// readsAnew tells whether a component resets with each deal and reads others.
func readsAnew(p comp.Plan) bool {
	return slices.ContainsFunc(p.Components, func(k comp.Component) bool {
		limited := slices.ContainsFunc(k.Limits, func(l comp.Limit) bool { return l.Per == comp.PerDeal })
		return limited || k.Measure.Reset == comp.PerDeal && (len(k.Gates) > 0 || len(k.Factors) > 0 || k.Grid != nil || len(k.Limits)+len(p.Limits) > 0)
	})
}

// amounts are a statement's lines that pay something, by ID.
func amounts(st comp.Statement) map[string]string {
	out := make(map[string]string)
	for _, l := range st.Lines {
		if !l.Amount.IsZero() {
			out[l.ID] = string(l.Kind) + " " + plain(l.Amount)
		}
	}
	return out
}

func TestLaw03_orderOfCreditsDoesNotMatter(t *testing.T) { rapid.Check(t, lawPermutedCredits) }

// Any order of the same credits gives the same statement and state, byte for byte.
func lawPermutedCredits(t *rapid.T) {
	w := drawWorld(t, wanted{})
	c := w.calculator(t)
	in := w.last()
	in.Explain = rapid.Bool().Draw(t, "explain")
	for i := range in.Credits {
		if chance(t, "given twice", 10) {
			in.Credits = append(in.Credits, in.Credits[i])
		}
	}
	st, next, err := c.Calculate(in)
	if err != nil {
		t.Fatal(err)
	}
	order := make([]int, len(in.Credits))
	for i := range order {
		order[i] = i
	}
	order = rapid.Permutation(order).Draw(t, "order")
	moved := in
	moved.Credits = make([]comp.Credit, len(order))
	for i, from := range order {
		moved.Credits[i] = in.Credits[from]
	}
	got, gotNext, err := c.Calculate(moved)
	if err != nil {
		t.Fatal(err)
	}
	// Unused names places in the argument; of a pair of duplicates either may stay.
	name := func(st *comp.Statement) (out []string) {
		for _, u := range st.Unused {
			out = append(out, u.Deal+": "+u.Reason)
		}
		slices.Sort(out)
		st.Unused = nil
		return out
	}
	if diff := cmp.Diff(name(&st), name(&got)); diff != "" {
		t.Fatalf("unused credits (-given +permuted):\n%s", diff)
	}
	if diff := cmp.Diff(encode(t, st), encode(t, got)); diff != "" {
		t.Fatalf("statement (-given +permuted):\n%s", diff)
	}
	if diff := cmp.Diff(encode(t, next), encode(t, gotNext)); diff != "" {
		t.Fatalf("state (-given +permuted):\n%s", diff)
	}
}

func TestLaw26_orderOfComponentsDoesNotMatter(t *testing.T) { rapid.Check(t, lawPermutedComponents) }

// The order of the components changes no line.
func lawPermutedComponents(t *rapid.T) {
	w := drawWorld(t, wanted{})
	st, next, err := w.calculator(t).Calculate(w.last())
	if err != nil {
		t.Fatal(err)
	}
	moved := *w
	moved.plan.Components = rapid.Permutation(w.plan.Components).Draw(t, "order")
	got, gotNext, err := moved.calculator(t).Calculate(w.last())
	if err != nil {
		t.Fatal(err)
	}
	byID := func(a, b comp.Line) int { return strings.Compare(a.ID, b.ID) }
	slices.SortFunc(st.Lines, byID)
	slices.SortFunc(got.Lines, byID)
	if diff := cmp.Diff(encode(t, st.Lines), encode(t, got.Lines)); diff != "" {
		t.Fatalf("lines (-given +permuted):\n%s", diff)
	}
	if diff := cmp.Diff(ledger(next, nil), ledger(gotNext, nil)); diff != "" {
		t.Fatalf("state (-given +permuted):\n%s", diff)
	}
}

func TestLaw25_representationDoesNotMatter(t *testing.T) { rapid.Check(t, lawRepresentation) }

// 2.5 and 2.50 are the same number: statement and state do not show the difference.
func lawRepresentation(t *rapid.T) {
	w := drawWorld(t, wanted{})
	in := w.last()
	in.Explain = rapid.Bool().Draw(t, "explain")
	st, next, err := w.calculator(t).Calculate(in)
	if err != nil {
		t.Fatal(err)
	}
	other := world{plan: rewritten(t, w.plan), payee: w.payee}
	again := rewritten(t, in)
	zeros := pick(t, "zeros", 1, 3)
	respell := func(v decimal.Decimal) decimal.Decimal {
		return v.Add(decimal.New(0, min(v.Exponent(), 0)-int32(zeros)))
	}
	eachDecimal(&other.plan, respell)
	eachDecimal(&again, respell)
	got, gotNext, err := other.calculator(t).Calculate(again)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(encode(t, st), encode(t, got)); diff != "" {
		t.Fatalf("statement (-2.5 +2.50):\n%s", diff)
	}
	if diff := cmp.Diff(encode(t, next), encode(t, gotNext)); diff != "" {
		t.Fatalf("state (-2.5 +2.50):\n%s", diff)
	}
}

// rewritten is a deep copy, by way of JSON.
func rewritten[V any](t rapid.TB, v V) (out V) {
	t.Helper()
	if err := json.Unmarshal([]byte(encode(t, v)), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestLaw23_jsonRoundTrips(t *testing.T) { rapid.Check(t, lawJSON) }

// What is written, read and written again is the same, and pays the same.
func lawJSON(t *rapid.T) {
	w := drawWorld(t, wanted{})
	in := w.last()
	in.Explain = rapid.Bool().Draw(t, "explain")
	st, next, err := w.calculator(t).Calculate(in)
	if err != nil {
		t.Fatalf("a plan that Check passes fails: %v", err)
	}
	other := world{plan: rewritten(t, w.plan)}
	for _, pair := range [][2]any{
		{w.plan, other.plan}, {in, rewritten(t, in)}, {st, rewritten(t, st)}, {next, rewritten(t, next)},
	} {
		if diff := cmp.Diff(encode(t, pair[0]), encode(t, pair[1])); diff != "" {
			t.Fatalf("%T (-written +written again):\n%s", pair[0], diff)
		}
	}
	got, gotNext, err := other.calculator(t).Calculate(rewritten(t, in))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(encode(t, st)+encode(t, next), encode(t, got)+encode(t, gotNext)); diff != "" {
		t.Fatalf("the plan read back pays otherwise (-given +read):\n%s", diff)
	}
}

func TestLaw24_reasonsRecompute(t *testing.T) { rapid.Check(t, lawExplain) }

// Every step of an explanation can be done again, points into the plan, and the
// last one is the line's amount.
func lawExplain(t *rapid.T) {
	w := drawWorld(t, wanted{})
	c := w.calculator(t)
	var state comp.State
	for i := range w.periods {
		in := w.at(i, state)
		quiet, _, err := c.Calculate(in)
		if err != nil {
			t.Fatal(err)
		}
		in.Explain = true
		st, next, err := c.Calculate(in)
		if err != nil {
			t.Fatal(err)
		}
		state = next
		for _, l := range st.Lines {
			if len(l.Why) == 0 {
				t.Fatalf("%s has no reasons", l.ID)
			}
			for n, r := range l.Why {
				out, ok := r.Recompute()
				if ok == (r.Op == comp.OpRead) || ok && !out.Equal(r.Out) {
					t.Fatalf("%s: reason %d, %s, recomputes to %s (%t)\n%s", l.ID, n, encode(t, r), text(out), ok, l.Explain())
				}
				if r.Ref != "" && !points(w, r.Ref) {
					t.Fatalf("%s: reason %d points to %s, which the plan does not have", l.ID, n, r.Ref)
				}
			}
			if end := l.Why[len(l.Why)-1].Out; !end.Equal(l.Amount) {
				t.Fatalf("%s: the last reason makes %s, the line %s\n%s", l.ID, text(end), text(l.Amount), l.Explain())
			}
		}
		for n := range st.Lines {
			st.Lines[n].Why = nil
		}
		if diff := cmp.Diff(encode(t, quiet), encode(t, st)); diff != "" {
			t.Fatalf("explaining changes the statement (-plain +explained):\n%s", diff)
		}
	}
}

// points reports whether a JSON pointer leads to something in the plan, or, for
// a payee's own draws, in the payee. A field left out at its zero value counts.
func points(w *world, ref string) bool {
	var doc any
	from := any(w.plan)
	if strings.HasPrefix(ref, "/terms/") {
		from = w.payee
	}
	b, err := json.Marshal(from)
	if err != nil || json.Unmarshal(b, &doc) != nil {
		return false
	}
	steps := strings.Split(ref, "/")[1:]
	for i, s := range steps {
		s = strings.NewReplacer("~1", "/", "~0", "~").Replace(s)
		switch at := doc.(type) {
		case map[string]any:
			next, ok := at[s]
			if !ok {
				return i == len(steps)-1 && slices.Contains([]string{"weight", "rounding", "negative", "gates", "recover", "score", "quota", "clawback"}, s)
			}
			doc = next
		case []any:
			n, err := strconv.Atoi(s)
			if err != nil || n < 0 || n >= len(at) {
				return false
			}
			doc = at[n]
		default:
			return false
		}
	}
	return true
}

func TestLaw09_changesAreBookedAsTheirDifference(t *testing.T) { rapid.Check(t, lawRecompute) }

// When something changes after a period was closed, the next run books what the
// plan makes of the new data less what it made of the old, and Diff tells it by line.
func lawRecompute(t *rapid.T) {
	w := drawWorld(t, wanted{draws: true, late: true})
	c := w.calculator(t)
	was := w.last()
	before, state, err := c.Calculate(was)
	if err != nil {
		t.Fatal(err)
	}
	changed := *w
	changed.credits = slices.Clone(w.credits)
	for i := range changed.credits {
		if cr := &changed.credits[i]; cr.Ref == "" && chance(t, "corrected", 2) {
			cr.Amount = cr.Amount.Add(number(t, "correction", 0, 500, 2))
		}
	}
	if rapid.Bool().Draw(t, "new quota") {
		changed.payee.Terms = slices.Clone(w.payee.Terms)
		changed.drawGoals(t, &changed.payee.Terms[0], wanted{})
	}
	afresh, whole, err := c.Calculate(changed.last())
	if err != nil {
		t.Fatal(err)
	}
	in := changed.last()
	in.Prior = state
	delta, next, err := c.Calculate(in)
	if err != nil {
		t.Fatal(err)
	}
	sound(t, w, delta, next)
	if want := afresh.Earned.Sub(before.Earned); !delta.Earned.Equal(want) {
		t.Fatalf("the change books %s, want %s − %s", text(delta.Earned), text(afresh.Earned), text(before.Earned))
	}
	if want := afresh.Payable.Sub(before.Payable); !delta.Payable.Equal(want) {
		t.Fatalf("the change makes %s payable, want %s − %s", text(delta.Payable), text(afresh.Payable), text(before.Payable))
	}
	if diff := cmp.Diff(ledger(whole, nil), ledger(next, nil)); diff != "" {
		t.Fatalf("state (-afresh +by difference):\n%s", diff)
	}
	var sum decimal.Decimal
	for _, l := range comp.Diff(before, afresh) {
		sum = sum.Add(l.Amount)
	}
	if want := afresh.Net.Sub(before.Net); !sum.Equal(want) {
		t.Fatalf("Diff sums to %s, want %s − %s", text(sum), text(afresh.Net), text(before.Net))
	}
}
