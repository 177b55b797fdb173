namespace LoRA.MLNet.Benchmarks.Quality;

/// <summary>One trained and tested model.</summary>
internal sealed record QualityResult(
    string Model, string Data, int? PerClass, double Accuracy, double MacroF1, int Train, int Test, int Classes, int Seed, double Seconds);
