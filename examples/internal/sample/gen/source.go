package main

import (
	"math/bits"
	"math/rand/v2"
)

// A source draws integers. It takes nothing but Uint64 from the standard
// library: IntN draws differently on 32-bit machines.
type source struct{ pcg *rand.PCG }

func newSource(seed uint64) *source { return &source{rand.NewPCG(seed, 0x5a1e5)} }

// below returns a number in [0, n).
func (s *source) below(n int) int {
	hi, _ := bits.Mul64(s.pcg.Uint64(), uint64(n))
	return int(hi)
}

// between returns a number in [lo, hi].
func (s *source) between(lo, hi int) int { return lo + s.below(hi-lo+1) }

// chance is true in permille cases of a thousand.
func (s *source) chance(permille int) bool { return s.below(1000) < permille }

// weighted returns an index, each as likely as its weight.
func (s *source) weighted(weights ...int) int {
	sum := 0
	for _, w := range weights {
		sum += w
	}
	x := s.below(sum)
	for i, w := range weights {
		if x -= w; x < 0 {
			return i
		}
	}
	return len(weights) - 1
}

// logNormal holds, in percent of the median, the quantiles 2.5, 7.5, … 97.5 % of
// a log-normal distribution with σ = 0.7: exp(0.7 z).
var logNormal = [...]int{25, 36, 45, 52, 59, 66, 73, 80, 88, 96, 104, 114, 125, 137, 152, 170, 192, 224, 274, 394}

// size returns a percentage that is distributed like logNormal.
func (s *source) size() int {
	i := s.below(len(logNormal) - 1)
	return s.between(logNormal[i], logNormal[i+1])
}
