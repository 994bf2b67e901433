package main

import (
	"testing"

	"github.com/salesops-go/salesops/internal/testenv"
)

func TestMain(m *testing.M) { testenv.Main(m) }
