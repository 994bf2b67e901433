package forecast_test

import (
	"fmt"

	"github.com/salesops-go/salesops/forecast"
)

// paceDeals are the win probabilities that a CRM gave to twelve deals, and which of them were won.
func paceDeals() (p []float64, won []bool) {
	return []float64{0.05, 0.1, 0.2, 0.2, 0.3, 0.4, 0.55, 0.6, 0.7, 0.8, 0.9, 0.95},
		[]bool{false, false, false, true, false, true, false, true, true, false, true, true}
}

// How far are the probabilities off, on the whole?
func ExampleBrier() {
	p, won := paceDeals()
	score, err := forecast.Brier(p, won)
	if err != nil {
		panic(err)
	}
	fmt.Printf("%.4f\n", score)
	// Output: 0.1956
}

// Are they any better than the win rate alone?
func ExampleBrierSkill() {
	p, won := paceDeals()
	skill, err := forecast.BrierSkill(p, won)
	if err != nil {
		panic(err)
	}
	fmt.Printf("%.2f\n", skill)
	// Output: 0.22
}

// The log loss punishes false certainty hardest; a deal that was lost at 100 % has none.
func ExampleLogLoss() {
	p, won := paceDeals()
	loss, err := forecast.LogLoss(p, won)
	if err != nil {
		panic(err)
	}
	fmt.Printf("%.4f\n", loss)

	_, err = forecast.LogLoss([]float64{0.3, 1}, []bool{true, false})
	fmt.Println(err)
	// Output:
	// 0.5579
	// forecast: p/1 "1" is the chance of a deal that was lost: its loss is infinite
}

// Is the score bad because probabilities are off, or because deals cannot be told apart?
func ExampleDecompose() {
	p, won := paceDeals()
	m, err := forecast.Decompose(p, won, forecast.BinOptions{Bins: 4})
	if err != nil {
		panic(err)
	}
	fmt.Printf("reliability %.4f, resolution %.4f, uncertainty %.4f, within bins %.4f\n",
		m.Reliability, m.Resolution, m.Uncertainty, m.WithinVariance-m.WithinCovariance)
	fmt.Printf("%.4f\n", m.Brier())
	// Output:
	// reliability 0.0203, resolution 0.0347, uncertainty 0.2500, within bins -0.0400
	// 0.1956
}

// Of the deals that were given about 20 %, how many were won?
func ExampleReliability() {
	p, won := paceDeals()
	diagram, err := forecast.Reliability(p, won, forecast.BinOptions{Bins: 3, EqualCount: true})
	if err != nil {
		panic(err)
	}
	for _, b := range diagram.Bins {
		fmt.Printf("%.2f to %.2f: %d deals, predicted %.2f, won %.2f (%.2f to %.2f)\n", b.From, b.To, b.Deals, b.Predicted, b.Observed, b.Low, b.High)
	}
	fmt.Printf("ECE %.2f, MCE %.2f\n", diagram.ECE, diagram.MCE)
	// Output:
	// 0.05 to 0.20: 4 deals, predicted 0.14, won 0.25 (0.05 to 0.70)
	// 0.30 to 0.60: 4 deals, predicted 0.46, won 0.50 (0.15 to 0.85)
	// 0.70 to 0.95: 4 deals, predicted 0.84, won 0.75 (0.30 to 0.95)
	// ECE 0.08, MCE 0.11
}

// A vendor scores deals from 0 to 100; the score is a rank, not a probability. What is it worth?
func ExampleFitIsotonic() {
	ranks := []float64{12, 25, 31, 44, 52, 58, 67, 73, 81, 96}
	won := []bool{false, false, false, true, false, false, true, false, true, true}
	p := make([]float64, len(ranks))
	for i, r := range ranks {
		p[i] = r / 100
	}
	fit, err := forecast.FitIsotonic(p, won)
	if err != nil {
		panic(err)
	}
	for _, rank := range []float64{20, 50, 70, 90} {
		chance, err := fit.Apply(rank / 100)
		if err != nil {
			panic(err)
		}
		fmt.Printf("%.0f: %.2f\n", rank, chance)
	}
	// Output:
	// 20: 0.00
	// 50: 0.33
	// 70: 0.50
	// 90: 1.00
}

// Few deals have closed, so a curve with two parameters: the scores were overconfident, and are drawn together.
func ExampleFitPlatt() {
	p, won := paceDeals()
	fit, err := forecast.FitPlatt(p, won)
	if err != nil {
		panic(err)
	}
	fmt.Printf("A %.2f, B %.2f\n", fit.A, fit.B)
	for _, score := range []float64{0.1, 0.5, 0.9} {
		chance, err := fit.Apply(score)
		if err != nil {
			panic(err)
		}
		fmt.Printf("%.1f: %.2f\n", score, chance)
	}
	// Output:
	// A -0.51, B -0.06
	// 0.1: 0.26
	// 0.5: 0.51
	// 0.9: 0.76
}
