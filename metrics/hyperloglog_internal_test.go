package metrics

import (
	"math"
	"slices"
	"strconv"
	"testing"

	"github.com/salesops-go/salesops/internal/exact"
)

// The first numbers of SplitMix64 from seed 1234567, as published by Rosetta Code ("Pseudo-random numbers/Splitmix64").
func TestE23_splitMix64(t *testing.T) {
	want := []uint64{6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821}
	state := uint64(1234567)
	for i, w := range want {
		if got := splitMix(state); got != w {
			t.Errorf("number %d is %d, want %d", i, got, w)
		}
		state += 0x9e3779b97f4a7c15
	}
}

type totName string

// Hashes are for ever: what was stored with one must merge with what is counted next year. Keys that are equal have equal
// hashes, whatever their type is called.
func TestHashKey_fixed(t *testing.T) {
	for name, hashes := range map[string][]uint64{
		"int":   {splitMix(3), hashKey(3), hashKey(int8(3)), hashKey(int64(3)), hashKey(uint16(3)), hashKey(uint64(3))},
		"-1":    {splitMix(math.MaxUint64), hashKey(-1), hashKey(int8(-1)), hashKey(uint64(math.MaxUint64))},
		"float": {splitMix(0x3fe0000000000000), hashKey(0.5), hashKey(float32(0.5))},
		"":      {splitMix(0), hashKey(""), hashKey(totName(""))},
		"acme":  {splitMix(splitMix(4) ^ 0x656d6361), hashKey("acme"), hashKey(totName("acme"))},
		"8":     {splitMix(splitMix(8) ^ 0x3837363534333231), hashKey("12345678")},
		"9":     {splitMix(splitMix(splitMix(9)^0x3837363534333231) ^ 0x39), hashKey("123456789")},
		"text":  {0x480453d89a76fbf1, hashKey("account-0000001")},
	} {
		if slices.Min(hashes) != slices.Max(hashes) {
			t.Errorf("%s: hashes differ: %#x", name, hashes)
		}
	}
	minus, _ := admitKey(math.Copysign(0, -1))
	if hashKey(minus) != hashKey(0.0) {
		t.Error("-0 is not 0")
	}
	if hashKey("a") == hashKey("a\x00") || hashKey("") == hashKey("\x00") {
		t.Error("zeros at the end do not count")
	}
}

// The estimate is that of Ertl's formulas with the series written out, and is finite or clamped at both ends.
func TestHLLEstimate_slow(t *testing.T) {
	registers := make([]byte, hllRegisters)
	if got := hllEstimate(registers); got != 0 {
		t.Errorf("empty registers: %v, want 0", got)
	}
	seed := uint64(0)
	for n := range 200_000 {
		hllAdd(registers, splitMix(uint64(n)))
		if n&(n-1) != 0 {
			continue
		}
		if n > 0 { // as if some were full
			registers[splitMix(seed)>>50] = hllMost
			seed++
		}
		if got, want := hllEstimate(registers), totSlowEstimate(registers); math.Abs(got/want-1) > 1e-12 {
			t.Errorf("%d: %v, want %v", n, got, want)
		}
	}
	for i := range registers { // nearly full: beyond what is ever counted, but an estimate
		registers[i] = hllMost - byte(i&1)
	}
	if got, want := hllEstimate(registers), totSlowEstimate(registers); math.Abs(got/want-1) > 1e-12 || got < 1e19 {
		t.Errorf("nearly full registers: %v, want %v", got, want)
	}
	for i := range registers {
		registers[i] = hllMost
	}
	d := Distinct[int]{limit: 1, registers: registers}
	if n, se := d.Count(); n != math.MaxInt64 || se-se != 0 {
		t.Errorf("full registers: %d, %v", n, se)
	}
}

// totSlowEstimate is α m² / (m σ(C₀/m) + Σ Cₖ 2^-k + m τ(1 - C₅₁/m) 2^-50), with 60 terms of each series.
func totSlowEstimate(registers []byte) float64 {
	const m = hllRegisters
	var empty, full, sum float64
	for _, r := range registers {
		switch r {
		case 0:
			empty++
		case hllMost:
			full++
		default:
			sum += math.Pow(2, -float64(r))
		}
	}
	sigma, tau := empty/m, full/m
	for k := 1; k <= 60; k++ {
		sigma += math.Pow(empty/m, math.Pow(2, float64(k))) * math.Pow(2, float64(k-1))
		tau -= math.Pow(1-math.Pow(1-full/m, math.Pow(2, -float64(k))), 2) * math.Pow(2, -float64(k))
	}
	return m * m / (2 * math.Ln2) / (m*sigma + sum + m*math.Pow(2, -(hllMost-1))*tau/3)
}

// A hash falls on the register of its first 14 bits, which keeps the place of the first one in the rest.
func TestHLLAdd(t *testing.T) {
	for hash, want := range map[uint64][2]int{
		0:                            {0, 51},
		1:                            {0, 50},
		1 << 49:                      {0, 1},
		1 << 50:                      {1, 51},
		1<<50 | 1<<48:                {1, 2},
		math.MaxUint64:               {hllRegisters - 1, 1},
		math.MaxUint64 ^ (1<<50 - 1): {hllRegisters - 1, 51},
	} {
		registers := make([]byte, hllRegisters)
		hllAdd(registers, hash)
		if int(registers[want[0]]) != want[1] {
			t.Errorf("%#x: register %d is %d, want %d", hash, want[0], registers[want[0]], want[1])
		}
	}
}

// The standard error with 2^14 registers is 0.81 % (Flajolet et al. 2007: 1.04/√m; Ertl 2017: 1.039/√m), and there is no bias,
// for keys of every kind. Hashes being fixed, the test always sees the same sets.
func TestE24_hyperLogLogError(t *testing.T) {
	kinds := map[string]func(i int) uint64{
		"sequential":     func(i int) uint64 { return hashKey(i) },
		"account-000001": func(i int) uint64 { return hashKey("account-" + strconv.Itoa(1_000_000 + i)[1:]) },
		"acct-1":         func(i int) uint64 { return hashKey("acct-" + strconv.Itoa(i)) },
		"cents":          func(i int) uint64 { return hashKey(float64(i) / 100) },
		"thousands":      func(i int) uint64 { return hashKey(int64(i) * 1000) },
	}
	for name, hash := range kinds {
		for _, c := range []struct{ n, sets int }{{100, 200}, {5000, 100}, {40_000, 50}} {
			var sum, squares float64
			for set := range c.sets {
				registers := make([]byte, hllRegisters)
				for i := range c.n {
					hllAdd(registers, hash(set*c.n+i))
				}
				e := hllEstimate(registers)/float64(c.n) - 1
				sum += e
				squares += e * e
			}
			sets := float64(c.sets)
			rms, bias := math.Sqrt(squares/sets), sum/sets
			t.Logf("%s: %d sets of %d keys: rms error %.3f %%, bias %.3f %%", name, c.sets, c.n, 100*rms, 100*bias)
			if rms > 0.0081*1.25 || math.Abs(bias) > 0.0081*3.5/math.Sqrt(sets) {
				t.Errorf("%s: %d sets of %d keys: rms error %.3f %%, bias %.3f %%", name, c.sets, c.n, 100*rms, 100*bias)
			}
		}
		if testing.Short() {
			continue
		}
		registers := make([]byte, hllRegisters)
		for i := range 1_000_000 {
			hllAdd(registers, hash(i))
		}
		e := hllEstimate(registers)/1e6 - 1
		t.Logf("%s: a million keys: %.3f %%", name, 100*e)
		if math.Abs(e) > 3*0.0081 {
			t.Errorf("%s: a million keys: error %.3f %%", name, 100*e)
		}
	}
}

func TestGiniOf_keepsOrder(t *testing.T) {
	nums := []exact.Num{exact.Int(3), exact.Int(1), exact.Int(2)}
	g, okG := giniOf(nums)
	h, okH := hhiOf(nums)
	if math.Abs(g-2.0/9) > 1e-15 || math.Abs(h-14.0/36) > 1e-15 || !okG || !okH {
		t.Errorf("Gini %v, HHI %v, want 2/9 and 14/36", g, h)
	}
	for i, want := range []int64{3, 1, 2} {
		if got, _ := nums[i].Int64(); got != want {
			t.Errorf("number %d is %d, was %d", i, got, want)
		}
	}
}
