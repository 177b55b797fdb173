using LoRA.MLNet.Benchmarks.Models;
using LoRA.MLNet.Training;

namespace LoRA.MLNet.Benchmarks.Train;

/// <summary>What is trained, and how.</summary>
/// <param name="MethodName">Its name on the command line.</param>
/// <param name="Method">The method.</param>
/// <param name="Training">Options of the loop.</param>
/// <param name="Optimizations">What the loop may do to be fast.</param>
/// <param name="WarmUp">Epochs before the first that counts.</param>
internal sealed record TrainSettings(
    string MethodName, FineTuningMethod Method, TrainingOptions Training, TrainingOptimizations Optimizations, int WarmUp)
{
    public const string Usage = "[--method lora|full|frozen] [--targets query,value] [--layers 8,9,10,11] [--warm-up 1] [--checkpointing] "
        + "[--no-fast-fp32] [--no-sort] [--no-packing] [--no-fast-dropout] [--no-keep-memory] [--no-cache] [--no-round] [--without-dropout]";

    private static readonly string[] s_methods = ["lora", "full", "frozen"];

    public static TrainSettings Read(Arguments arguments, BenchmarkOptions options)
    {
        var warmUp = arguments.Integer("warm-up") ?? 1;
        var name = arguments.Choice("method", s_methods);
        var lora = new LoraOptions
        {
            Rank = arguments.Integer("rank") ?? 8,
            TargetModules = arguments.Text("targets")?.Split(','),
            LayersToTransform = arguments.Text("layers")?.Split(',').Select(int.Parse).ToArray(),
        };
        var training = new TrainingOptions
        {
            Epochs = warmUp + options.Repeat,
            ContrastiveSteps = 0,
            BatchSize = options.Batch,
            Precision = options.Precision == "bf16" ? TrainingPrecision.BFloat16 : TrainingPrecision.Float32,
            Threads = options.Threads,
            GradientCheckpointing = arguments.Flag("checkpointing"),
            Dropout = !arguments.Flag("without-dropout"),
            Seed = RandomModel.Seed,
        };
        var optimizations = new TrainingOptimizations
        {
            FastFloat32 = options.Uses("fast-fp32"),
            SortByLength = options.Uses("sort"),
            Packing = options.Uses("packing"),
            FastDropout = options.Uses("fast-dropout"),
            CacheFrozenLayers = options.Uses("cache"),
            RoundTokens = options.Uses("round"),
            KeepMemory = options.Uses("keep-memory"),
        };
        return new TrainSettings(
            name, name switch { "full" => new FullFineTuning(), "frozen" => new HeadFineTuning(), _ => lora }, training, optimizations, warmUp);
    }

    public TrainingInput Input(RandomModel model, IReadOnlyList<TrainingRow> rows) => new()
    {
        Encoder = model.Encoder,
        Pooling = LoRA.MLNet.Pooling.Family,
        Task = TrainingTask.Classification,
        Outputs = RandomModel.Labels,
        Weights = model.Weights,
        Adaptation = model.Prepare(Method),
        Rows = rows,
        Optimizations = Optimizations,
    };
}
