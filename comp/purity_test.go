package comp_test

import (
	"encoding/json"
	"errors"
	"math"
	"math/big"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/comp"
)

// eachDecimal changes every decimal inside what v points to, one after the other.
func eachDecimal(v any, change func(decimal.Decimal) decimal.Decimal) {
	var walk func(at reflect.Value)
	walk = func(at reflect.Value) {
		if n, ok := reflect.TypeAssert[decimal.Decimal](at); ok {
			if at.CanSet() {
				at.Set(reflect.ValueOf(change(n)))
			}
			return
		}
		switch at.Kind() {
		case reflect.Pointer:
			if !at.IsNil() {
				walk(at.Elem())
			}
		case reflect.Struct:
			for i := range at.NumField() {
				if at.Type().Field(i).IsExported() {
					walk(at.Field(i))
				}
			}
		case reflect.Slice:
			for i := range at.Len() {
				walk(at.Index(i))
			}
		case reflect.Map:
			for _, key := range at.MapKeys() {
				item := reflect.New(at.Type().Elem()).Elem()
				item.Set(at.MapIndex(key))
				walk(item)
				at.SetMapIndex(key, item)
			}
		}
	}
	walk(reflect.ValueOf(v))
}

// copied is a deep copy of any value made of exported fields and decimals.
func copied[V any](v V) V {
	var walk func(at reflect.Value) reflect.Value
	walk = func(at reflect.Value) reflect.Value {
		out := reflect.New(at.Type()).Elem()
		out.Set(at)
		switch at.Kind() {
		case reflect.Pointer:
			if !at.IsNil() {
				out.Set(reflect.New(at.Type().Elem()))
				out.Elem().Set(walk(at.Elem()))
			}
		case reflect.Struct:
			for i := range at.NumField() {
				if at.Type().Field(i).IsExported() {
					out.Field(i).Set(walk(at.Field(i)))
				}
			}
		case reflect.Slice:
			if !at.IsNil() {
				out.Set(reflect.MakeSlice(at.Type(), at.Len(), at.Len()))
				for i := range at.Len() {
					out.Index(i).Set(walk(at.Index(i)))
				}
			}
		case reflect.Map:
			if !at.IsNil() {
				out.Set(reflect.MakeMap(at.Type()))
				for _, key := range at.MapKeys() {
					out.SetMapIndex(key, walk(at.MapIndex(key)))
				}
			}
		}
		return out
	}
	return walk(reflect.ValueOf(&v).Elem()).Interface().(V)
}

// frozen compares arguments before and after a call: by representation too.
var frozen = cmp.Options{
	cmp.Comparer(func(a, b decimal.Decimal) bool {
		return a.Exponent() == b.Exponent() && a.Coefficient().Cmp(b.Coefficient()) == 0
	}),
	cmp.Comparer(func(a, b salesops.Date) bool { return a == b }),
}

func TestCalculateIsPure(t *testing.T) { rapid.Check(t, propPure) }

// Calculate changes no argument, keeps none, and gives the same answer again, in
// any number of goroutines.
func propPure(t *rapid.T) {
	w := drawWorld(t, wanted{})
	plan := copied(w.plan)
	c := w.calculator(t)
	_, state, err := c.Calculate(w.at(0, comp.State{}))
	if err != nil {
		t.Fatal(err)
	}
	in := w.at(min(1, len(w.periods)-1), state)
	in.Explain = rapid.Bool().Draw(t, "explain")
	before := copied(in)
	st, next, err := c.Calculate(in)
	if err != nil {
		t.Fatal(err)
	}
	want := encode(t, st) + encode(t, next)
	if diff := cmp.Diff(before, in, frozen); diff != "" {
		t.Fatalf("Calculate changes its argument:\n%s", diff)
	}
	if diff := cmp.Diff(plan, w.plan, frozen); diff != "" {
		t.Fatalf("New or Calculate changes the plan:\n%s", diff)
	}
	// What the caller does with the plan afterwards does not reach the calculator.
	eachDecimal(&w.plan, func(decimal.Decimal) decimal.Decimal { return d("77") })
	got := make([]string, 4)
	var group sync.WaitGroup
	for i := range got {
		group.Go(func() {
			st, next, err := c.Calculate(in)
			if err == nil {
				a, _ := json.Marshal(st)
				b, _ := json.Marshal(next)
				got[i] = string(a) + string(b)
			}
		})
	}
	group.Wait()
	for _, g := range got {
		if g != want {
			t.Fatalf("the same case again gives another answer:\n%s", cmp.Diff(want, g))
		}
	}
	// What the caller does with the answer does not reach the case.
	eachDecimal(&st, func(decimal.Decimal) decimal.Decimal { return d("77") })
	eachDecimal(&next, func(decimal.Decimal) decimal.Decimal { return d("77") })
	if diff := cmp.Diff(before, in, frozen); diff != "" {
		t.Fatalf("the answer shares memory with the case:\n%s", diff)
	}
}

// leaves lists every value inside what v points to that can be set and has no parts.
func leaves(v any) []reflect.Value {
	var out []reflect.Value
	var walk func(at reflect.Value)
	walk = func(at reflect.Value) {
		switch at.Type() {
		case reflect.TypeFor[decimal.Decimal](), reflect.TypeFor[salesops.Date]():
			out = append(out, at)
			return
		}
		switch at.Kind() {
		case reflect.Pointer:
			out = append(out, at)
			if !at.IsNil() {
				walk(at.Elem())
			}
		case reflect.Struct:
			for i := range at.NumField() {
				if at.Type().Field(i).IsExported() {
					walk(at.Field(i))
				}
			}
		case reflect.Slice:
			out = append(out, at)
			for i := range at.Len() {
				walk(at.Index(i))
			}
		default: // a map is replaced as a whole
			out = append(out, at)
		}
	}
	walk(reflect.ValueOf(v).Elem())
	return out
}

// spoil puts something hostile in place of one value.
func spoil(t *rapid.T, at reflect.Value) {
	set := func(v any) { at.Set(reflect.ValueOf(v).Convert(at.Type())) }
	switch at.Type() {
	case reflect.TypeFor[decimal.Decimal]():
		huge := decimal.NewFromBigInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(60), nil), 0)
		set(pick(t, "hostile number", decimal.Decimal{}, d("-1"), d("1e18"), d("1e-18"), d("123456789012345678901234567890123456"),
			d("0.000000000000000001"), decimal.New(1, 1e9), decimal.New(-1, -1e9), decimal.New(0, 1e9), decimal.New(1, math.MaxInt32), huge))
		return
	case reflect.TypeFor[salesops.Date]():
		set(pick(t, "hostile date", salesops.Date{}, on("0001-01-01"), on("9999-12-31"), on("2026-02-28"), on("2100-01-01"), on("1700-03-01")))
		return
	}
	switch at.Kind() {
	case reflect.String:
		set(pick(t, "hostile text", "", "\x00\xff", "d0", "d1", "c0", "c1", "cancel", "step", "marginal", "deal", "week", "year", "month", "plan", strings.Repeat("long/~", 500)))
	case reflect.Int, reflect.Int32, reflect.Int64:
		at.SetInt(int64(pick(t, "hostile count", 0, -1, 1, 13, 1<<30, -1<<31, 1<<31-1)))
	case reflect.Bool:
		at.SetBool(!at.Bool())
	case reflect.Pointer, reflect.Map:
		at.SetZero()
	case reflect.Slice:
		switch n := at.Len(); {
		case n == 0 || chance(t, "emptied", 2):
			at.SetZero()
		default: // one of them twice, the other way round
			twice := reflect.AppendSlice(reflect.MakeSlice(at.Type(), 0, 2*n), at)
			at.Set(reflect.Append(twice, at.Index(rapid.IntRange(0, n-1).Draw(t, "twice"))))
		}
	}
}

// told checks that an error is of the documented kinds, and says where.
func told(t rapid.TB, err error) {
	t.Helper()
	if err == nil {
		return
	}
	var one *comp.Error
	if !errors.As(err, &one) || one.Path == "" || one.Msg == "" {
		t.Fatalf("not a *comp.Error with path and message: %v", err)
	}
	known := false
	for _, kind := range []error{comp.ErrPlan, comp.ErrInput, comp.ErrState, comp.ErrUnreachable} {
		known = known || errors.Is(err, kind)
	}
	if !known || !strings.HasPrefix(one.Error(), "comp: ") {
		t.Fatalf("of no known kind: %v", err)
	}
}

func TestHostileValuesGiveErrors(t *testing.T) { rapid.Check(t, propHostile) }

// Whatever stands in plan, payee, credits or state: no panic, an answer soon, and
// an error of the package if any; never one of the plan's once Check has passed it.
func propHostile(t *rapid.T) {
	w := drawWorld(t, wanted{})
	c := w.calculator(t)
	at := rapid.IntRange(0, len(w.periods)-1).Draw(t, "period")
	_, state, err := c.Calculate(w.at(0, comp.State{}))
	if err != nil {
		t.Fatal(err)
	}
	plan, in := copied(w.plan), copied(w.at(at, state))
	in.Explain = rapid.Bool().Draw(t, "explain")
	if at == 0 && rapid.Bool().Draw(t, "afresh") {
		in.Prior = comp.State{}
	}
	plans, cases := leaves(&plan), leaves(&in)
	for range rapid.IntRange(1, 3).Draw(t, "faults") {
		if chance(t, "in the plan", 3) {
			spoil(t, pick(t, "place", plans...))
		} else {
			spoil(t, pick(t, "place", cases...))
		}
	}
	start := time.Now()
	defer func() {
		if took := time.Since(start); took > 20*time.Second {
			t.Fatalf("it took %s", took)
		}
	}()
	c, err = comp.New(plan)
	if told(t, err); err != nil {
		if !errors.Is(err, comp.ErrPlan) {
			t.Fatalf("a plan is refused with %v", err)
		}
		return
	}
	st, next, err := c.Calculate(in)
	if told(t, err); err != nil {
		if errors.Is(err, comp.ErrPlan) {
			t.Fatalf("Check passed the plan, Calculate refuses it: %v", err)
		}
		return
	}
	earned, payable, net := sums(st)
	if !earned.Equal(st.Earned) || !payable.Equal(st.Payable) || !net.Equal(st.Net) {
		t.Fatalf("lines sum to %s, %s, %s; the statement says %s, %s, %s", text(earned), text(payable), text(net), text(st.Earned), text(st.Payable), text(st.Net))
	}
	in.Prior = next
	if _, _, err := c.Calculate(in); err != nil {
		t.Fatalf("a second run fails with the state of the first: %v", err)
	}
}

func TestCirclesOfRefs(t *testing.T) {
	c := calculator(t, comp.Plan{Components: []comp.Component{{ID: "c", Curve: &comp.Curve{Mode: comp.Marginal, Bands: []comp.Band{{Rate: d("0.1")}}}}}})
	for _, refs := range [][]string{{"a", "a"}, {"a", "b", "b", "a"}, {"a", "b", "b", "c", "c", "a"}} {
		in := comp.Case{Payee: payee("0"), Period: period("2026-01-01", "2026-02-01")}
		for i := 0; i < len(refs); i += 2 {
			in.Credits = append(in.Credits, event(refs[i], refs[i+1], comp.Payment, "2026-01-05", "1"))
		}
		_, _, err := c.Calculate(in)
		if told(t, err); !errors.Is(err, comp.ErrInput) {
			t.Errorf("refs %v: %v, want ErrInput", refs, err)
		}
	}
}
