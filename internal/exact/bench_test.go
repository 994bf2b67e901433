package exact_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/internal/exact"
)

// The yardstick is the same operation of shopspring/decimal, the lower bound one of int64.
// Operands are taken from arrays, as they are in the loops that use the package.

const operands = 1024

type pair struct {
	x, y exact.Num
	d, e decimal.Decimal
}

// pairs makes amounts to the cent and rates of up to six decimals.
func pairs(exp, rateExp int32) []pair {
	rng := rand.New(rand.NewPCG(1, 2))
	out := make([]pair, operands)
	for i := range out {
		d := decimal.New(rng.Int64N(1e11)-5e10, exp)
		e := decimal.New(rng.Int64N(1e6)+1, rateExp)
		out[i] = pair{exact.From(d), exact.From(e), d, e}
	}
	return out
}

var (
	sinkNum exact.Num
	sinkDec decimal.Decimal
	sinkInt int
)

// run times num and dec, each of which goes over all of the pairs once; figures are per pair.
func run(b *testing.B, name string, ps []pair, num, dec func(ps []pair)) {
	b.Helper()
	for _, c := range []struct {
		name string
		f    func(ps []pair)
	}{{"exact", num}, {"decimal", dec}} {
		b.Run(name+"/"+c.name, func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; i < b.N; i += operands {
				c.f(ps)
			}
		})
	}
}

func BenchmarkSum(b *testing.B) {
	run(b, "Sum", pairs(-2, -2),
		func(ps []pair) {
			var s exact.Num
			for i := range ps {
				s = s.Add(ps[i].x)
			}
			sinkNum = s
		},
		func(ps []pair) {
			var s decimal.Decimal
			for i := range ps {
				s = s.Add(ps[i].d)
			}
			sinkDec = s
		})
}

func BenchmarkNum(b *testing.B) {
	money, rates, wide := pairs(-2, -2), pairs(-2, -6), pairs(-2, -6)
	for i := range wide { // coefficients of 24 digits by 20
		p := &wide[i]
		p.x, p.d = p.x.Mul(exact.New(1e13+7, -13)), p.d.Mul(decimal.New(1e13+7, -13))
		p.y, p.e = p.y.Mul(exact.New(1e14+9, -14)), p.e.Mul(decimal.New(1e14+9, -14))
	}
	run(b, "Add", money,
		func(ps []pair) {
			for i := range ps {
				p := &ps[i]
				sinkNum = p.x.Add(p.y)
			}
		},
		func(ps []pair) {
			for i := range ps {
				p := &ps[i]
				sinkDec = p.d.Add(p.e)
			}
		})
	run(b, "AddAligned", rates,
		func(ps []pair) {
			for i := range ps {
				p := &ps[i]
				sinkNum = p.x.Add(p.y)
			}
		},
		func(ps []pair) {
			for i := range ps {
				p := &ps[i]
				sinkDec = p.d.Add(p.e)
			}
		})
	run(b, "Sub", money,
		func(ps []pair) {
			for i := range ps {
				p := &ps[i]
				sinkNum = p.x.Sub(p.y)
			}
		},
		func(ps []pair) {
			for i := range ps {
				p := &ps[i]
				sinkDec = p.d.Sub(p.e)
			}
		})
	run(b, "Mul", rates,
		func(ps []pair) {
			for i := range ps {
				p := &ps[i]
				sinkNum = p.x.Mul(p.y)
			}
		},
		func(ps []pair) {
			for i := range ps {
				p := &ps[i]
				sinkDec = p.d.Mul(p.e)
			}
		})
	run(b, "Cmp", money,
		func(ps []pair) {
			for i := range ps {
				p := &ps[i]
				sinkInt += p.x.Cmp(p.y)
			}
		},
		func(ps []pair) {
			for i := range ps {
				p := &ps[i]
				sinkInt += p.d.Cmp(p.e)
			}
		})
	run(b, "CmpAligned", rates,
		func(ps []pair) {
			for i := range ps {
				p := &ps[i]
				sinkInt += p.x.Cmp(p.y)
			}
		},
		func(ps []pair) {
			for i := range ps {
				p := &ps[i]
				sinkInt += p.d.Cmp(p.e)
			}
		})
	run(b, "Quo", rates,
		func(ps []pair) {
			for i := range ps {
				p := &ps[i]
				sinkNum, _ = exact.Quo(p.x, p.y, 2, exact.HalfUp)
			}
		},
		func(ps []pair) {
			for i := range ps {
				p := &ps[i]
				sinkDec = p.d.DivRound(p.e, 2)
			}
		})
	run(b, "Quo128", wide,
		func(ps []pair) {
			for i := range ps {
				p := &ps[i]
				sinkNum, _ = exact.Quo(p.x, p.y, 2, exact.HalfUp)
			}
		},
		func(ps []pair) {
			for i := range ps {
				p := &ps[i]
				sinkDec = p.d.DivRound(p.e, 2)
			}
		})
	run(b, "Round", rates,
		func(ps []pair) {
			for i := range ps {
				p := &ps[i]
				sinkNum = p.y.Round(2, exact.HalfUp)
			}
		},
		func(ps []pair) {
			for i := range ps {
				p := &ps[i]
				sinkDec = p.e.Round(2)
			}
		})
	run(b, "MulRound", rates,
		func(ps []pair) {
			for i := range ps {
				p := &ps[i]
				sinkNum = p.x.Mul(p.y).Round(2, exact.HalfUp)
			}
		},
		func(ps []pair) {
			for i := range ps {
				p := &ps[i]
				sinkDec = p.d.Mul(p.e).Round(2)
			}
		})
	run(b, "From", money,
		func(ps []pair) {
			for i := range ps {
				p := &ps[i]
				sinkNum = exact.From(p.d)
			}
		},
		func(ps []pair) {
			for i := range ps {
				p := &ps[i]
				sinkDec = p.d.Copy()
			}
		})
	run(b, "Bounded", money,
		func(ps []pair) {
			for i := range ps {
				p := &ps[i]
				if exact.Bounded(p.d) {
					sinkInt++
				}
			}
		},
		func(ps []pair) {
			for i := range ps {
				p := &ps[i]
				sinkInt += p.d.NumDigits()
			}
		})
	run(b, "Decimal", money,
		func(ps []pair) {
			for i := range ps {
				p := &ps[i]
				sinkDec = p.x.Decimal()
			}
		},
		func(ps []pair) {
			for i := range ps {
				p := &ps[i]
				sinkDec = p.d.Normalize()
			}
		})
	run(b, "Fixed", money,
		func(ps []pair) {
			for i := range ps {
				p := &ps[i]
				sinkDec = p.x.Fixed(2)
			}
		},
		func(ps []pair) {
			for i := range ps {
				p := &ps[i]
				sinkDec = p.d.Copy()
			}
		})
}

func BenchmarkAllocate(b *testing.B) {
	for _, n := range []int{10, 1000, 100_000} {
		rng := rand.New(rand.NewPCG(3, 4))
		weights := make([]exact.Num, n)
		for i := range weights {
			weights[i] = exact.New(rng.Int64N(1e9), -2)
		}
		total := exact.New(123_456_789_01, -2)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := exact.Allocate(total, weights, 2); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/elem")
		})
	}
}

func BenchmarkSpread(b *testing.B) {
	for _, n := range []int{100, 100_000} {
		for _, c := range []struct {
			name string
			exp  int32     // of the lines
			by   exact.Num // makes the coefficients wider
			den  exact.Num
		}{
			{"whole", -2, exact.Int(1), exact.Int(1)},                                             // cents: nothing to divide
			{"exact", -6, exact.Int(1e4), exact.Int(1)},                                           // cents with six decimals
			{"inexact", -6, exact.Int(1), exact.Int(365)},                                         // fractions, 64-bit divisor
			{"inexact128", -20, exact.Int(1e14 + 1), exact.New(1e18+3, -16)},                      // fractions, 128-bit divisor
			{"inexactBig", -40, exact.Int(1e18).Mul(exact.Int(1e16 + 1)), exact.New(1e18+3, -16)}, // fractions, divisor beyond 128 bits
		} {
			rng := rand.New(rand.NewPCG(5, 6))
			lines, out := make([]exact.Num, n), make([]exact.Num, n)
			var sum exact.Num
			for i := range lines {
				lines[i] = exact.New(rng.Int64N(1e10), c.exp).Mul(c.by)
				sum = sum.Add(lines[i])
			}
			total, _ := exact.Quo(sum, c.den, 2, exact.HalfUp)
			b.Run(fmt.Sprintf("%s/%d", c.name, n), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if err := exact.Spread(lines, c.den, total, 2, out); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/elem")
			})
		}
	}
}

// BenchmarkBoundedHostile is the time to reject what a host may hand over.
func BenchmarkBoundedHostile(b *testing.B) {
	d := decimal.NewFromBigInt(million(), 0)
	b.ReportAllocs()
	for b.Loop() {
		if exact.Bounded(d) {
			b.Fatal("a million digits are within bounds")
		}
	}
}
