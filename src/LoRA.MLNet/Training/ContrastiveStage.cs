using LoRA.MLNet.Torch;
using static TorchSharp.torch;

namespace LoRA.MLNet.Training;

/// <summary>
/// A first stage that needs no head: it draws the features of a class together, as SetFit does (Tunstall et al. 2022, arXiv 2209.11055), with
/// all pairs of a batch at once in place of drawn ones. Few rows have many pairs, so this tells an encoder more than their labels do.
/// </summary>
internal sealed class ContrastiveStage(TrainingOptions options, TrainingStep step)
{
    private const int BatchSize = 32;

    // Khosla et al. 2020's
    private const double Temperature = 0.1;
    private const double WarmupFraction = 0.1;

    /// <summary>
    /// Trains for so many steps. The optimizer keeps its moments: as new, its first steps after this stage would be as large as the learning
    /// rate whatever the gradient, and undo what the stage did.
    /// </summary>
    /// <param name="rows">Rows to draw batches from.</param>
    /// <param name="steps">How many.</param>
    /// <param name="random">Draws.</param>
    /// <param name="stepped">Told after every step of its rows and loss.</param>
    /// <param name="cancellation">Stops after the running batch.</param>
    /// <exception cref="ArgumentException">Nothing but the head trains.</exception>
    /// <exception cref="TrainingDivergedException">The loss or the gradient is no longer finite.</exception>
    public void Run(
        IReadOnlyList<TrainingRow> rows, int steps, Random random, Action<int, double> stepped, CancellationToken cancellation)
    {
        var batches = new ClassBatches(rows, BatchSize, random);
        var schedule = new LearningRateSchedule(LearningRateDecay.Linear, steps, (int)Math.Ceiling(WarmupFraction * steps));
        for (var done = 0; done < steps; done++)
        {
            var batch = batches.Next();
            var (loss, norm) = step.Run([batch], schedule.At(done), cancellation);
            TrainingDivergedException.ThrowIfNotFinite(epoch: 0, done + 1, loss, norm, options);
            stepped(batch.Length, loss);
        }
    }

    /// <summary>The loss of a batch.</summary>
    /// <param name="model">The model.</param>
    /// <param name="classifier">Path of the module whose inputs are the features.</param>
    /// <param name="batch">Rows, several of a class.</param>
    /// <exception cref="ArgumentException">Nothing but the head trains.</exception>
    public static Tensor Loss(TorchModel model, string classifier, TorchBatch batch)
    {
        var features = model.Features(classifier, batch.Inputs, training: true, batch.Packing);
        var loss = ContrastiveLoss.Of(features, batch.Targets, Temperature);
        return loss.requires_grad ? loss : throw new ArgumentException(
            $"{nameof(TrainingOptions.ContrastiveSteps)} needs weights of the encoder that train; set it to 0.");
    }
}
