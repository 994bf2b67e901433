package metrics

import (
	"math"
	"math/bits"
)

// HyperLogLog counts different hashes in registers, of which each keeps how rare the rarest hash was that fell on it (Flajolet,
// Fusy, Gandouet and Meunier 2007, https://doi.org/10.46298/dmtcs.3545). The precision is the number of bits that choose the
// register.
const (
	hllPrecision = 14
	hllRegisters = 1 << hllPrecision
	hllMost      = 64 - hllPrecision + 1 // the greatest that a register keeps
)

// hllAdd counts a hash.
func hllAdd(registers []byte, hash uint64) {
	at := hash >> (64 - hllPrecision)
	zeros := bits.LeadingZeros64(hash<<hllPrecision | 1<<(hllPrecision-1)) // of the other bits
	registers[at] = max(registers[at], byte(zeros+1))
}

// hllMerge counts what others counted.
func hllMerge(registers, others []byte) {
	for i, r := range others {
		registers[i] = max(registers[i], r)
	}
}

// hllEstimate returns how many different hashes were counted, by the improved raw estimator of Ertl 2017
// (https://arxiv.org/abs/1702.01284, algorithm 6), which needs no tables and no other estimator for small numbers. It is +Inf
// if all registers are full. It uses nothing but sums, products and square roots, which all processors round alike.
func hllEstimate(registers []byte) float64 {
	var count [hllMost + 1]int
	for _, r := range registers {
		count[r]++
	}
	const m = hllRegisters
	z := m * hllTau(1-float64(count[hllMost])/m)
	for k := hllMost - 1; k >= 1; k-- {
		z = 0.5 * (z + float64(count[k]))
	}
	z += float64(m * hllSigma(float64(count[0])/m))
	return m / (2 * math.Ln2) * m / z
}

// hllSigma returns x + Σ x^(2^k) 2^(k-1), k from 1 on, for x from 0 to 1: the part of the empty registers.
func hllSigma(x float64) float64 {
	if x == 1 {
		return math.Inf(1)
	}
	y, z := 1.0, x
	for before := -1.0; z != before; y += y {
		before = z
		x *= x
		z += float64(x * y)
	}
	return z
}

// hllTau returns (1 - x - Σ (1 - x^(2^-k))² 2^-k) / 3, k from 1 on, for x from 0 to 1: the part of the full registers.
func hllTau(x float64) float64 {
	if x == 0 || x == 1 {
		return 0
	}
	y, z := 1.0, 1-x
	for before := -1.0; z != before; {
		before = z
		x = math.Sqrt(x)
		y *= 0.5
		z -= float64(float64((1-x)*(1-x)) * y)
	}
	return z / 3
}
