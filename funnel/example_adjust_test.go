package funnel_test

import (
	"fmt"

	"github.com/salesops-go/salesops/funnel"
)

// Five regions were compared with the rest. Two of them at p < 0.05: how many stand when five questions were asked?
func ExampleBenjaminiHochberg() {
	regions := []string{"north", "east", "south", "west", "online"}
	p := []float64{0.41, 0.004, 0.038, 0.77, 0.29}
	adjusted, err := funnel.BenjaminiHochberg(p)
	if err != nil {
		fmt.Println(err)
		return
	}
	for i, r := range regions {
		fmt.Printf("%-6s p %.3f, adjusted %.3f\n", r, p[i], adjusted[i])
	}
	// Output:
	// north  p 0.410, adjusted 0.512
	// east   p 0.004, adjusted 0.020
	// south  p 0.038, adjusted 0.095
	// west   p 0.770, adjusted 0.770
	// online p 0.290, adjusted 0.483
}
