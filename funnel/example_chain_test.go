package funnel_test

import (
	"fmt"

	"github.com/salesops-go/salesops/funnel"
)

// What is a deal in each stage worth, and where would a better conversion pay most?
func ExampleChain_Absorb() {
	chain := funnel.Chain{
		Stages: []string{"Prospect", "Qualify", "Propose", "Negotiate"},
		Ends:   []funnel.Stage{{Key: "Won", End: funnel.Won}, {Key: "Lost", End: funnel.Lost}},
		Next: [][]float64{
			{0, 0.70, 0.10, 0},
			{0.05, 0, 0.55, 0.05},
			{0, 0.10, 0, 0.50},
			{0, 0, 0.20, 0},
		},
		End:  [][]float64{{0, 0.20}, {0, 0.35}, {0.10, 0.30}, {0.60, 0.20}},
		Hold: []float64{7, 14, 21, 10.5}, // days
	}
	a, err := chain.Absorb()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("stage      win chance  days to end  share of time  elasticity")
	for i, s := range chain.Stages {
		fmt.Printf("%-10s %8.0f %% %12.0f %11.0f %% %11.2f\n", s, 100*a.Win[i], a.Time[i], 100*a.TimeShare[i], a.Elasticity[i])
	}
	// Output:
	// stage      win chance  days to end  share of time  elasticity
	// Prospect         27 %           35          21 %        1.04
	// Qualify          31 %           35          32 %        0.82
	// Propose          48 %           33          37 %        0.91
	// Negotiate        70 %           17          10 %        0.59
}

// The win chance is not the product of the conversions from stage to stage once some deals skip a stage. The chain follows
// every deal.
func ExampleFlow_Chain() {
	var flow funnel.Flow
	view := funnel.View{Pipeline: flowProcess(), AsOf: flowMay(31)}
	add := func(n int, stages ...string) {
		for range n {
			j := funnel.Journey{ID: stages[0]}
			for i, s := range stages {
				j.Moves = append(j.Moves, funnel.Move{To: s, At: flowMay(1 + 3*i)})
			}
			if err := flow.Add(view, j); err != nil {
				fmt.Println(err)
			}
		}
	}
	add(20, "Qualify", "Demo", "Propose", "Won")
	add(20, "Qualify", "Demo", "Propose", "Lost")
	add(60, "Qualify", "Demo", "Lost")
	add(50, "Qualify", "Propose", "Won") // old customers need no demo
	add(50, "Qualify", "Lost")

	product := 1.0
	for _, step := range [][2]string{{"Qualify", "Demo"}, {"Demo", "Propose"}, {"Propose", "Won"}} {
		s, err := flow.Conversion(step[0], step[1], funnel.Visited)
		if err != nil {
			fmt.Println(err)
			return
		}
		share, _ := s.Settled().Float()
		product *= share
	}
	chain, err := flow.Chain()
	if err != nil {
		fmt.Println(err)
		return
	}
	a, err := chain.Absorb()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("product of conversions %.0f %%, chain %.0f %%, truth %.0f %%\n", 100*product, 100*a.StartWin, 100*70/200.0)
	// Output:
	// product of conversions 16 %, chain 35 %, truth 35 %
}

// Wins are quick and losses are slow: while most deals are open, the visits that have ended say too much of wins. With a
// horizon the open ones are heard, too.
func ExampleFlow_ChainWithin() {
	p, err := funnel.NewPipeline(funnel.Stage{Key: "Trial"}, funnel.Stage{Key: "Won", End: funnel.Won}, funnel.Stage{Key: "Lost", End: funnel.Lost})
	if err != nil {
		fmt.Println(err)
		return
	}
	var flow funnel.Flow
	for i := range 270 { // nine trials a day; of each three one is won after 3 days, and two are lost after 20
		start, end, days := flowMay(1+i/9), "Lost", 20
		if i%3 == 0 {
			end, days = "Won", 3
		}
		trial := funnel.Journey{Moves: []funnel.Move{{To: "Trial", At: start}, {To: end, At: start.AddDate(0, 0, days)}}}
		if err := flow.Add(funnel.View{Pipeline: p, AsOf: flowMay(31)}, trial); err != nil {
			fmt.Println(err)
		}
	}
	now, err := flow.Chain()
	if err != nil {
		fmt.Println(err)
		return
	}
	within, err := flow.ChainWithin(28)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("of the visits that have ended %.0f %% were won, in the long run %.0f %%\n", 100*now.End[0][0], 100*within.End[0][0])
	fmt.Printf("a visit lasts %.0f days, not %.0f\n", within.Hold[0], now.Hold[0])
	// Output:
	// of the visits that have ended 56 % were won, in the long run 33 %
	// a visit lasts 14 days, not 10
}
