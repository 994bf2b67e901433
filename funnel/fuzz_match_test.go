package funnel_test

import (
	"testing"

	"pgregory.net/rapid"
)

func FuzzDeepest_oracle(f *testing.F)  { f.Fuzz(rapid.MakeFuzz(lawDeepestOracle)) }
func FuzzAttempts_oracle(f *testing.F) { f.Fuzz(rapid.MakeFuzz(lawAttemptsOracle)) }
