package metrics_test

import (
	"encoding/csv"
	"encoding/json"
	"math"
	"os"
	"strconv"
	"testing"

	"github.com/shopspring/decimal"
	"golang.org/x/exp/stats"
	"pgregory.net/rapid"

	"github.com/salesops-go/salesops/internal/testenv"
	"github.com/salesops-go/salesops/metrics"
)

// momOf returns the moments of numbers.
func momOf[N metrics.Number](xs ...N) *metrics.Moments[N] {
	m := new(metrics.Moments[N])
	for _, x := range xs {
		check(m.Add(x))
	}
	return m
}

// momWant compares a read with a figure, NaN for none.
func momWant(t *testing.T, what string, want, tolerance float64, read func() (float64, bool)) {
	t.Helper()
	got, ok := read()
	if ok == math.IsNaN(want) || ok && !(math.Abs(got-want) <= tolerance*max(1, math.Abs(want))) {
		t.Errorf("%s = %v (%t), want %v", what, got, ok, want)
	}
}

// E01: mean, variance, skewness and excess kurtosis of six vectors, by R 4.2.2 (data/funnel/reference), which writes 15 digits.
func TestE01_momentsR(t *testing.T) {
	var vectors map[string][]json.Number
	text, err := os.ReadFile(testenv.Data(t, "funnel/reference/inputs/quantile_vectors.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &vectors); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(testenv.Data(t, "funnel/reference/moments_gini_hhi.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 7 {
		t.Fatalf("%d rows", len(rows))
	}
	for _, row := range rows[1:] {
		var want [6]float64
		for i := range want {
			want[i] = math.NaN()
			if s := row[i+1]; s != "" {
				if want[i], err = strconv.ParseFloat(s, 64); err != nil {
					t.Fatal(err)
				}
			}
		}
		var floats []float64
		var decimals []decimal.Decimal
		var ints []int64
		for _, s := range vectors[row[0]] {
			v, err := s.Float64()
			if err != nil {
				t.Fatal(err)
			}
			floats, decimals = append(floats, v), append(decimals, d(s.String()))
			if i, err := s.Int64(); err == nil {
				ints = append(ints, i)
			}
		}
		t.Run(row[0]+"/float64", func(t *testing.T) { momE01(t, momOf(floats...), want) })
		t.Run(row[0]+"/decimal", func(t *testing.T) { momE01(t, momOf(decimals...), want) })
		if len(ints) == len(floats) {
			t.Run(row[0]+"/int64", func(t *testing.T) { momE01(t, momOf(ints...), want) })
		}
	}
}

func momE01[N metrics.Number](t *testing.T, m *metrics.Moments[N], want [6]float64) {
	t.Helper()
	const tolerance = 5e-15 // half a unit of the 15th digit
	if m.Len() != int64(want[0]) {
		t.Errorf("Len = %d, want %v", m.Len(), want[0])
	}
	momWant(t, "Mean", want[1], tolerance, m.Mean)
	momWant(t, "Variance", want[2], tolerance, m.Variance)
	momWant(t, "SD", math.Sqrt(want[2]), tolerance, m.SD)
	momWant(t, "PopVariance", want[3], tolerance, m.PopVariance)
	momWant(t, "Skewness", want[4], tolerance, m.Skewness)
	momWant(t, "Kurtosis", want[5], tolerance, m.Kurtosis)
	momWant(t, "CV", math.Sqrt(want[2])/want[1], tolerance, m.CV)
}

// E02: NIST Statistical Reference Datasets, univariate summary statistics: NumAcc1 to NumAcc4, on which sums of squares of
// floats lose all digits. The certified values are exact.
func TestE02_nistNumAcc(t *testing.T) {
	alternating := func(first, low, high float64) []float64 {
		xs := []float64{first}
		for range 500 {
			xs = append(xs, low, high)
		}
		return xs
	}
	for _, c := range []struct {
		name     string
		xs       []float64
		mean, sd float64
	}{
		{"NumAcc1", []float64{10000001, 10000003, 10000002}, 10000002, 1},
		{"NumAcc2", alternating(1.2, 1.1, 1.3), 1.2, 0.1},
		{"NumAcc3", alternating(1000000.2, 1000000.1, 1000000.3), 1000000.2, 0.1},
		{"NumAcc4", alternating(10000000.2, 10000000.1, 10000000.3), 10000000.2, 0.1},
	} {
		m := momOf(c.xs...)
		momWant(t, c.name+" mean", c.mean, 0, m.Mean)
		momWant(t, c.name+" SD", c.sd, 0, m.SD)
	}
}

// E03: the hours of sleep gained by Cushny and Peebles (1905), on which Student (1908) showed his distribution. The limits are
// those of R's t.test(extra ~ group, data = sleep, paired = TRUE), its documented example, with the sign changed.
func TestE03_studentSleep(t *testing.T) {
	m := momOf(d("1.2"), d("2.4"), d("1.3"), d("1.3"), d("0.0"), d("1.0"), d("1.8"), d("0.8"), d("4.6"), d("1.4"))
	momWant(t, "mean", 1.58, 0, m.Mean)
	i, ok := m.MeanInterval(0)
	if !ok || math.Abs(i.Low-0.7001142) > 5e-8 || math.Abs(i.High-2.4598858) > 5e-8 {
		t.Errorf("MeanInterval = %v (%t), want 0.7001142 to 2.4598858", i, ok)
	}
	if j, ok := m.MeanInterval(0.95); !ok || i != j {
		t.Errorf("MeanInterval(0.95) = %v (%t), not that of level 0", j, ok)
	}
}

// E04: heights of 100 students in classes, the example of S. Brown, "Measures of Shape: Skewness and Kurtosis" (BrownMath.com,
// data of Spiegel and Stephens 1999): skewness -0.1082, kurtosis 2.7418.
func TestE04_heights(t *testing.T) {
	m := new(metrics.Moments[int64])
	for inches, n := range map[int64]int{61: 5, 64: 18, 67: 42, 70: 27, 73: 8} {
		for range n {
			check(m.Add(inches))
		}
	}
	momWant(t, "mean", 67.45, 0, m.Mean)
	momWant(t, "m2", 8.5275, 0, m.PopVariance)
	momWant(t, "skewness", -0.1082, 5e-5, m.Skewness)
	momWant(t, "excess kurtosis", 2.7418-3, 5e-5, m.Kurtosis)
}

// E05: mean and standard deviation of golang.org/x/exp/stats, which computes in floats.
func TestE05_expStats_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		xs := rapid.SliceOfN(rapid.Float64Range(1, 1000), 2, 30).Draw(t, "xs")
		mean, sd := stats.MeanAndStdDev(xs)
		m := momOf(xs...)
		gotMean, _ := m.Mean()
		gotSD, _ := m.SD()
		if math.Abs(gotMean-mean) > 1e-13*mean || math.Abs(gotSD-sd) > 1e-12*mean {
			t.Fatalf("mean %v, SD %v, want %v and %v", gotMean, gotSD, mean, sd)
		}
	})
}
