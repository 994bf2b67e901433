package funnel_test

import (
	"errors"
	"math"
	"math/big"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/salesops-go/salesops/funnel"
)

// The fifteen p-values are those of Benjamini and Hochberg 1995, section 4.2 (thrombolysis after myocardial infarction). The paper
// rejects the first four at q = 0.05: p(4) = 0.0095 ≤ 4/15 × 0.05 = 0.0133, p(5) = 0.0201 > 5/15 × 0.05. The adjusted values
// are by hand from the definition, min over j ≥ i of 15 p(j) / j:
// 0.0001×15, 0.0004×15/2, 0.0019×15/3, 0.0095×15/4, 0.0201×15/5, then 15/6×0.0278 = 0.0695 is above 15/7×0.0298, 15/9×0.0459 stays,
// 0.0344×15/8 = 0.0645, 0.3240×15/10, 0.4262×15/11, 0.5719×15/12, 0.6528×15/13, 0.7590×15/14, 1.
func TestE01_BenjaminiHochberg_1995(t *testing.T) {
	p := []float64{0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000}
	want := []float64{
		0.0015, 0.003, 0.0095, 0.035625, 0.0603, 0.447 / 7, 0.447 / 7, 0.0645, 0.0765, 0.486, 6.393 / 11,
		0.714875, 9.792 / 13, 11.385 / 14, 1,
	}
	got, err := funnel.BenjaminiHochberg(p)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateApprox(0, 1e-15)); diff != "" {
		t.Errorf("adjusted (-want +got):\n%s", diff)
	}
	rejected := 0
	for _, a := range got {
		if a <= 0.05 {
			rejected++
		}
	}
	if rejected != 4 {
		t.Errorf("%d rejected at 0.05, want 4 as in the paper", rejected)
	}
}

func TestBenjaminiHochberg(t *testing.T) {
	for name, c := range map[string]struct{ p, want []float64 }{
		"none":                             {nil, nil},
		"one is itself":                    {[]float64{0.03}, []float64{0.03}},
		"twice the smaller of two":         {[]float64{0.5, 0.01}, []float64{0.5, 0.02}},
		"a greater one pulls down":         {[]float64{0.04, 0.05}, []float64{0.05, 0.05}},
		"never above 1":                    {[]float64{0.9, 1, 0.8}, []float64{1, 1, 1}},
		"all 0":                            {[]float64{0, 0, 0}, []float64{0, 0, 0}},
		"ties stay ties, in the old order": {[]float64{0.2, 0.01, 0.2, 0.01}, []float64{0.2, 0.02, 0.2, 0.02}},
		"too small to divide":              {[]float64{5e-324, 1}, []float64{1e-323, 1}},
	} {
		got, err := funnel.BenjaminiHochberg(c.p)
		if diff := cmp.Diff(c.want, got); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got):\n%s", name, err, diff)
		}
	}
}

func TestBenjaminiHochberg_refuses(t *testing.T) {
	_, err := funnel.BenjaminiHochberg([]float64{0.5, math.NaN(), -1e-320, 1, math.Inf(1), 1.0000000000000002})
	var faults interface{ Unwrap() []error }
	if !errors.Is(err, funnel.ErrInput) || !errors.As(err, &faults) {
		t.Fatalf("error %v, want several faults of ErrInput", err)
	}
	var paths []string
	for _, e := range faults.Unwrap() {
		if fault, ok := errors.AsType[*funnel.Error](e); ok {
			paths = append(paths, fault.Path)
		}
	}
	if diff := cmp.Diff([]string{"p/1", "p/2", "p/4", "p/5"}, paths); diff != "" {
		t.Errorf("paths (-want +got):\n%s", diff)
	}
}

// The definition in exact arithmetic; order of the input; monotone; within p and 1; the input stays as it is.
func TestBenjaminiHochberg_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.SliceOfN(rapid.OneOf(rapid.Float64Range(0, 1), rapid.SampledFrom([]float64{0, 1, 0.01, 0.05})), 1, 40).Draw(t, "p")
		before := slices.Clone(p)
		got, err := funnel.BenjaminiHochberg(p)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(before, p) {
			t.Errorf("the argument was changed")
		}
		sorted := slices.Sorted(slices.Values(p))
		m := len(p)
		for i := range p {
			// A p-value that equals several of the sorted ones has the rank of any of them: the last divides by the most.
			want := big.NewRat(1, 1)
			for j := m; j >= 1 && sorted[j-1] >= p[i]; j-- {
				v := new(big.Rat).SetFloat64(sorted[j-1])
				if v.Mul(v, big.NewRat(int64(m), int64(j))); v.Cmp(want) < 0 {
					want = v
				}
			}
			exact, _ := want.Float64()
			if math.Abs(got[i]-exact) > 4e-16*exact+5e-324 {
				t.Errorf("adjusted[%d] = %v, want %v", i, got[i], exact)
			}
			if got[i] < p[i] || got[i] > 1 {
				t.Errorf("adjusted[%d] = %v is outside %v to 1", i, got[i], p[i])
			}
			for j := range p {
				if p[i] < p[j] && got[i] > got[j] || p[i] == p[j] && got[i] != got[j] {
					t.Errorf("p %v, %v became %v, %v", p[i], p[j], got[i], got[j])
				}
			}
		}
		turn := rapid.Permutation(sloIndices(m)).Draw(t, "turn")
		turned := make([]float64, m)
		for i, j := range turn {
			turned[i] = p[j]
		}
		again, err := funnel.BenjaminiHochberg(turned)
		if err != nil {
			t.Fatal(err)
		}
		for i, j := range turn {
			if again[i] != got[j] {
				t.Errorf("in another order p = %v becomes %v, not %v", p[j], again[i], got[j])
			}
		}
	})
}

// sloIndices returns 0 to n-1.
func sloIndices(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}
