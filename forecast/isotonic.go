package forecast

import (
	"cmp"
	"slices"
	"strconv"
)

// Isotonic is a calibration that never reverses an order: it maps a score to the win rate that deals with such scores had.
// Its zero value has no knots, and leaves every score as it is.
type Isotonic struct {
	// Knots are the ends of the blocks of the fit, by ascending P, with ascending rates.
	Knots []Knot `json:"knots"`
}

// Knot is a point of the calibration curve.
type Knot struct {
	// P is the score, 0 to 1.
	P float64 `json:"p"`
	// Rate is the calibrated probability, 0 to 1.
	Rate float64 `json:"rate"`
}

// FitIsotonic learns an isotonic calibration from scores and what became of the deals: of all maps that never fall, the one
// with the least Brier score on these deals. The pool-adjacent-violators algorithm finds it (Ayer, Brunk, Ewing, Reid and
// Silverman 1955, https://doi.org/10.1214/aoms/1177728423), here without rounding error in its comparisons. Deals with equal
// scores are pooled first, so that the order of the input does not matter. It takes O(n log n).
//
// Scores need not be probabilities; a rank from 0 to 100 may be divided by 100. As the fit follows the data closely, it
// wants some hundred deals at least; with fewer, [FitPlatt] is steadier. Judge it on deals that it was not fitted to.
//
// FitIsotonic returns an error if [Brier] would.
func FitIsotonic(p []float64, won []bool) (Isotonic, error) {
	if err := checkScored(p, won); err != nil {
		return Isotonic{}, err
	}
	type block struct {
		from, to float64
		won, n   int64
	}
	var blocks []block
	deals := sortedByP(p, won)
	for i := 0; i < len(deals); {
		b := block{from: deals[i].p(), to: deals[i].p()}
		for ; i < len(deals) && deals[i].p() == b.from; i++ {
			b.n++
			if deals[i].won() {
				b.won++
			}
		}
		// Pool while the block before has a rate as high: a/n ≥ b/m as a×m ≥ b×n, in integers.
		for k := len(blocks) - 1; k >= 0 && blocks[k].won*b.n >= b.won*blocks[k].n; k-- {
			b.from, b.won, b.n = blocks[k].from, b.won+blocks[k].won, b.n+blocks[k].n
			blocks = blocks[:k]
		}
		blocks = append(blocks, b)
	}
	out := Isotonic{Knots: make([]Knot, 0, 2*len(blocks))}
	for _, b := range blocks {
		rate := float64(b.won) / float64(b.n)
		out.Knots = append(out.Knots, Knot{P: b.from, Rate: rate})
		if b.to > b.from {
			out.Knots = append(out.Knots, Knot{P: b.to, Rate: rate})
		}
	}
	return out, nil
}

// Apply returns the calibrated probability of a score: within a block its win rate, between blocks on the straight line
// from one to the next, and outside the scores that were seen that of the nearest. It never falls as p rises, and lies
// between 0 and 1; both ends occur, since a block may have been won, or lost, throughout, and then [LogLoss] on other deals
// may be undefined. It takes O(log k) for k knots.
//
// Apply returns an error ([ErrInput]) if:
//   - p is not between 0 and 1
//   - the knots around p, when they were not fitted, are out of order or not between 0 and 1
func (c Isotonic) Apply(p float64) (float64, error) {
	if err := checkScore(p); err != nil {
		return 0, err
	}
	if len(c.Knots) == 0 {
		return p, nil
	}
	i, _ := slices.BinarySearchFunc(c.Knots, p, func(k Knot, p float64) int { return cmp.Compare(k.P, p) })
	low, high := c.Knots[max(i-1, 0)], c.Knots[min(i, len(c.Knots)-1)]
	if !(0 <= low.P && low.P <= high.P && high.P <= 1 && 0 <= low.Rate && low.Rate <= high.Rate && high.Rate <= 1) {
		return 0, &Error{Path: "knots/" + strconv.Itoa(i), Msg: "must have ascending p and rates that do not fall, all from 0 to 1", Err: ErrInput}
	}
	switch {
	case p <= low.P:
		return low.Rate, nil
	case p >= high.P:
		return high.Rate, nil
	}
	part := (p - low.P) / (high.P - low.P)
	return min(low.Rate+float64(part*(high.Rate-low.Rate)), high.Rate), nil
}

func checkScore(p float64) error {
	if !(p >= 0 && p <= 1) {
		return &Error{Path: "p", Value: floatText(p), Msg: "must be between 0 and 1", Err: ErrInput}
	}
	return nil
}
