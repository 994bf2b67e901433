package forecast

import (
	"cmp"
	"math"
	"slices"
	"strconv"
)

// BinOptions say how probabilities are put into bins. The zero value is ten bins of equal width, and intervals of 95 %.
type BinOptions struct {
	// Bins is how many bins there are, at most 1,000,000; 0 means 10.
	Bins int `json:"bins,omitempty"`
	// EqualCount makes bins of about as many deals each, cut at quantiles of the probabilities. Deals of equal probability
	// stay together, in the bin that their middle rank falls into, so that bins are unequal when many are. Otherwise bins
	// have equal width: bin i of k holds i/k ≤ p < (i+1)/k, the last one 1 too.
	EqualCount bool `json:"equalCount,omitempty"`
	// Level is the probability of the interval of a bin, between 0 and 1; 0 means 0.95.
	Level float64 `json:"level,omitempty"`
}

// ReliabilityDiagram sets what was said beside what happened.
type ReliabilityDiagram struct {
	// Bins are the bins that hold deals, by ascending probability.
	Bins []Bin `json:"bins"`
	// ECE is the expected calibration error: the mean of |Predicted - Observed| over the bins, weighted by their deals. Even
	// perfect probabilities have one above 0, by chance, and it depends on the bins; compare only figures of the same ones.
	ECE float64 `json:"ece"`
	// MCE is the maximum calibration error: the largest |Predicted - Observed|, most often that of a bin with few deals.
	MCE float64 `json:"mce"`
}

// Bin is what became of the deals whose probabilities lie close together.
type Bin struct {
	// From is the least probability that belongs here. With EqualCount, it is the least in the bin.
	From float64 `json:"from"`
	// To is where the bin ends: the From of the next one, which it does not include unless it is 1. With EqualCount, it is
	// the greatest probability in the bin.
	To float64 `json:"to"`
	// Deals is how many deals there are.
	Deals int `json:"deals"`
	// Won is how many of them were won.
	Won int `json:"won"`
	// Predicted is the mean of their probabilities.
	Predicted float64 `json:"predicted"`
	// Observed is the share of them that was won.
	Observed float64 `json:"observed"`
	// Low is the lower end of the Wilson score interval for the true win rate (Wilson 1927,
	// https://doi.org/10.1080/01621459.1927.10502953; recommended for small n by Brown, Cai and DasGupta 2001,
	// https://doi.org/10.1214/ss/1009213286). If Predicted lies outside of it, the bin is off by more than chance explains.
	Low float64 `json:"low"`
	// High is the upper end of the interval.
	High float64 `json:"high"`
}

// Reliability returns the reliability diagram of probabilities, also called calibration curve: for the deals that were given
// about 70 %, how many were won. See [Brier] for the arguments. It takes O(n log n) for n deals.
//
// Reliability returns an error if:
//   - [Brier] would
//   - bins is not between 0 and 1,000,000, or level is not between 0 and 1 ([ErrInput])
func Reliability(p []float64, won []bool, o BinOptions) (ReliabilityDiagram, error) {
	groups, err := binned(p, won, o)
	if err != nil {
		return ReliabilityDiagram{}, err
	}
	level := o.Level
	if level == 0 {
		level = 0.95
	}
	z := float64(math.Sqrt2 * math.Erfinv(level))
	out := ReliabilityDiagram{Bins: make([]Bin, 0, len(groups))}
	var sum compensated
	for _, g := range groups {
		b := Bin{From: g.from, To: g.to, Deals: len(g.deals), Won: g.won(), Predicted: g.mean(), Observed: g.rate()}
		b.Low, b.High = wilson(b.Won, b.Deals, z)
		out.Bins = append(out.Bins, b)
		gap := math.Abs(b.Predicted - b.Observed)
		sum.add(float64(float64(b.Deals) * gap))
		out.MCE = max(out.MCE, gap)
	}
	out.ECE = sum.value() / float64(len(p))
	return out, nil
}

// wilson returns the score interval for won of n, z standard deviations to each side.
func wilson(won, n int, z float64) (low, high float64) {
	k, w := float64(n), float64(won)
	z2 := float64(z * z)
	middle := w + z2/2
	reach := float64(z * math.Sqrt(float64(w*(k-w))/k+z2/4))
	low, high = (middle-reach)/(k+z2), (middle+reach)/(k+z2)
	// The ends at 0 and 1 are exact; rounding must not move them.
	if won == 0 {
		low = 0
	}
	if won == n {
		high = 1
	}
	return max(low, 0), min(high, 1)
}

// group is the deals of a bin.
type group struct {
	from, to float64
	deals    []scored // not empty
}

func (g group) won() int {
	n := 0
	for _, v := range g.deals {
		if v.won() {
			n++
		}
	}
	return n
}

func (g group) rate() float64 { return float64(g.won()) / float64(len(g.deals)) }

func (g group) mean() float64 {
	var sum compensated
	for _, v := range g.deals {
		sum.add(v.p())
	}
	return sum.value() / float64(len(g.deals))
}

// binned checks the arguments and returns the bins with deals.
func binned(p []float64, won []bool, o BinOptions) ([]group, error) {
	const most = 1_000_000
	var f faults
	if o.Bins < 0 || o.Bins > most {
		f.add(ErrInput, "", "bins", strconv.Itoa(o.Bins), "must be between 0, for the default, and 1,000,000")
	}
	f.level(o.Level)
	if err := f.err(); err != nil {
		return nil, err
	}
	if err := checkScored(p, won); err != nil {
		return nil, err
	}
	deals := sortedByP(p, won)
	bins := cmp.Or(o.Bins, 10)
	var out []group
	last := -1
	start := 0 // of the bin
	for i := 0; i < len(deals); {
		p := deals[i].p()
		tie := i + 1
		for tie < len(deals) && deals[tie].p() == p {
			tie++
		}
		bin := widthBin(p, bins)
		if o.EqualCount {
			bin = int(int64(i+tie-1) * int64(bins) / int64(2*len(deals)))
		}
		if bin != last {
			last, start = bin, i
			g := group{from: float64(bin) / float64(bins), to: float64(bin+1) / float64(bins)}
			if o.EqualCount {
				g.from = p
			}
			out = append(out, g)
		}
		g := &out[len(out)-1]
		g.deals = deals[start:tie]
		if o.EqualCount {
			g.to = p
		}
		i = tie
	}
	return out, nil
}

// widthBin returns the bin of equal width that holds p. The product alone may miss it by one, when it rounds to a bound.
func widthBin(p float64, bins int) int {
	k := float64(bins)
	i := min(int(float64(p*k)), bins-1)
	switch {
	case p < float64(i)/k:
		return i - 1
	case i < bins-1 && p >= float64(i+1)/k:
		return i + 1
	}
	return i
}

// scored is a deal with its probability and what became of it: the bits of the one, whose sign is none, and that of the
// other. They sort by probability, the lost before the won.
type scored uint64

func (s scored) p() float64 { return math.Float64frombits(uint64(s >> 1)) }

func (s scored) won() bool { return s&1 == 1 }

// sortedByP returns the deals in the order of scored.
func sortedByP(p []float64, won []bool) []scored {
	out := make([]scored, len(p))
	for i, v := range p {
		out[i] = scored(math.Float64bits(v) << 1)
		if won[i] {
			out[i]++
		}
	}
	slices.Sort(out)
	return out
}
