namespace LoRA.MLNet.Benchmarks.Load;

/// <summary>The first prediction of a fresh process; medians over several of them.</summary>
/// <param name="What">The verb.</param>
/// <param name="Processes">How many there were.</param>
/// <param name="Clock">"wall", or "cpu" for the processor's time in all threads.</param>
/// <param name="FileMb">Size of the model file.</param>
/// <param name="LoadMs">Model.Load.</param>
/// <param name="EngineMs">CreatePredictionEngine.</param>
/// <param name="FirstMs">The first Predict.</param>
/// <param name="SecondMs">The second one.</param>
/// <param name="TotalMs">All until the first prediction.</param>
internal sealed record LoadResult(
    string What, int Processes, string Clock, double FileMb, double LoadMs, double EngineMs, double FirstMs, double SecondMs, double TotalMs);
