using LoRA.MLNet.Encoders;
using LoRA.MLNet.Torch;
using TorchSharp;

namespace LoRA.MLNet.Training;

/// <summary>
/// A first stage that needs no head: it draws the features of a class together, as SetFit does (Tunstall et al. 2022, arXiv 2209.11055), with
/// all pairs of a batch at once in place of drawn ones. Few rows have many pairs, so this tells an encoder more than their labels do.
/// </summary>
internal sealed class ContrastiveStage(TrainingOptions options, TrainingInput input, TorchModel model, AdamW optimizer, bool packs)
{
    private const int BatchSize = 32;

    // Khosla et al. 2020's
    private const double Temperature = 0.1;
    private const double WarmupFraction = 0.1;

    private readonly string _module = ModuleInventory.Of(input.Encoder, input.Outputs, input.Pooling).Classifier.Path;

    /// <summary>
    /// Whether it is likely to help: rows of a class are alike if they are single texts, a head that the checkpoint has would no longer fit,
    /// and something else than the head must train.
    /// </summary>
    public static bool Suits(TrainingInput input, ModuleInventory inventory) =>
        input.Task == TrainingTask.Classification && !input.ArePairs && !input.Weights.ContainsKey($"{inventory.Classifier.Path}.weight")
        && input.Adaptation.Weights.Keys.Any(key => !inventory.IsHead(key));

    /// <summary>
    /// Trains for so many steps. The optimizer keeps its moments: as new, its first steps after this stage would be as large as the learning
    /// rate whatever the gradient, and undo what the stage did.
    /// </summary>
    /// <exception cref="ArgumentException">Nothing but the head trains.</exception>
    /// <exception cref="TrainingDivergedException">The loss or the gradient is no longer finite.</exception>
    public void Run(IReadOnlyList<TrainingRow> rows, int steps, Random random, CancellationToken cancellation)
    {
        var batches = new ClassBatches(rows, BatchSize, random);
        var schedule = new LearningRateSchedule(LearningRateDecay.Linear, steps, (int)Math.Ceiling(WarmupFraction * steps));
        for (var step = 0; step < steps; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            optimizer.ZeroGradients();
            var loss = Accumulate(batches.Next());
            var norm = optimizer.ClipGradients(options.MaxGradNorm);
            if (!double.IsFinite(loss) || !double.IsFinite(norm))
            {
                throw new TrainingDivergedException(epoch: 0, step + 1, loss, norm, options);
            }

            optimizer.Step(schedule.At(step));
        }
    }

    private double Accumulate(TrainingRow[] rows)
    {
        using var scope = torch.NewDisposeScope();
        var batch = packs
            ? TorchBatch.Packed(rows, input.Encoder, input.Task, input.Device)
            : TorchBatch.Of(rows, input.Encoder, input.Task, input.Device);
        var features = model.Features(_module, batch.Inputs, training: true, batch.Packing);
        var loss = ContrastiveLoss.Of(features, batch.Targets, Temperature);
        if (!loss.requires_grad)
        {
            throw new ArgumentException($"{nameof(TrainingOptions.ContrastiveSteps)} needs weights of the encoder that train; set it to 0.");
        }

        loss.backward();
        return loss.item<float>();
    }
}
