using System.Diagnostics;
using LoRA.MLNet.Checkpoints;
using LoRA.MLNet.Encoders;
using LoRA.MLNet.Torch;
using TorchSharp;

namespace LoRA.MLNet.Training;

/// <summary>
/// Trains: epochs of shuffled batches, each a step along the gradient; after each epoch the validation rows are measured, the best epoch's
/// weights are kept, and without improvement training stops. One run per object.
/// </summary>
internal sealed class TrainingLoop : IDisposable
{
    private readonly TrainingOptions _options;
    private readonly TrainingTask _task;
    private readonly bool _sortByLength;
    private readonly int _seed;
    private readonly Random _random;
    private readonly IReadOnlyList<TrainingRow> _rows;
    private readonly IReadOnlyList<TrainingRow> _validation;
    private readonly PrecisionChoice _precision;
    private readonly TorchWeights _weights;
    private readonly FrozenStates? _frozen;
    private readonly LossFunction _loss;
    private readonly AdamW _optimizer;
    private readonly TrainingStep _step;
    private readonly Evaluation _evaluation;
    private readonly FewRows _fewRows;
    private readonly ContrastiveStage _contrastive;
    private readonly HeadStart _headStart;
    private readonly Stopwatch _time = new();
    private readonly List<TrainingEpoch> _epochs = [];
    private RunLength _length;
    private int _steps;
    private long _rowsSeen;

    private TrainingLoop(TrainingOptions options, TrainingInput input)
    {
        (_options, _task, _sortByLength) = (options, input.Task, input.Optimizations.SortByLength);
        _seed = options.Seed ?? input.Seed ?? Random.Shared.Next();
        _random = new Random(_seed);
        (_rows, _validation) = Split(input);
        _precision = PrecisionChoice.Of(options.Precision, input.Device);
        var classWeights = _task == TrainingTask.Classification
            ? options.ClassWeights.For([.. _rows.Select(row => (int)row.Target)], input.Outputs)
            : null;
        var inventory = ModuleInventory.Of(input.Encoder, input.Outputs, input.Pooling);
        _length = RunLength.Of(options, _rows.Count, contrasts: false);
        _weights = new TorchWeights(input.Weights, input.Adaptation.Weights, _precision.Type, input.Device);
        _loss = new LossFunction(_task, options.LabelSmoothing, classWeights, input.Device);
        _optimizer = new AdamW(
            ParameterGroup.Of(_weights.Trainable, inventory, options, input.LoraPlusRatio), options.Beta1, options.Beta2, options.Epsilon);
        var dropout = options.Dropout ? new TorchDropout(_seed, input.Optimizations.FastDropout) : null;
        var packs = input.Optimizations.Packing && input.Encoder.MeetsInAttentionOnly;
        _frozen = packs && options.Epochs > 1 && input.Optimizations.CacheFrozenLayers
            && FrozenStates.Fit(_rows.Sum(row => (long)row.Length), input.Encoder.HiddenSize, _precision.Type) ? new FrozenStates(dropout) : null;
        var model = new TorchModel(
            input.Encoder, input.Outputs, input.Pooling, _weights, input.Adaptation, dropout, options.GradientCheckpointing, _frozen);
        TrainingStep StepAlong(Func<TorchBatch, torch.Tensor> loss) => new(
            input.Encoder, loss, _optimizer, _task, options.MaxGradNorm, input.Device, packs, input.Optimizations.RoundTokens);
        _step = StepAlong(batch => _loss.Of(model.Logits(batch.Inputs, training: true, batch.Packing), batch.Targets));
        _evaluation = new Evaluation(input.Encoder, model, _loss, _task, input.Outputs, input.Device);
        _contrastive = new ContrastiveStage(options, StepAlong(batch => ContrastiveStage.Loss(model, inventory.Classifier.Path, batch)));
        var features = new FeatureReader(input, model, inventory.Classifier.Path);
        _fewRows = new FewRows(input, inventory, features);
        _headStart = new HeadStart(input, inventory.Classifier, features, _weights, classWeights);
    }

    /// <summary>Trains on the calling thread.</summary>
    /// <exception cref="ArgumentException">The options are wrong, or there are no rows.</exception>
    /// <exception cref="TrainingDivergedException">The loss or the gradient is no longer finite.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static TrainingResult Run(
        TrainingOptions options, TrainingInput input, IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        TrainingOptionsValidation.Validate(options, input.Task, input.ValidationRows is not null || options.ValidationFraction > 0);
        if (input.Rows.Count == 0)
        {
            throw new ArgumentException("There are no rows to train on.", nameof(input));
        }

        if (input.Adaptation.Weights.Count == 0)
        {
            throw new ArgumentException("The fine-tuning method leaves no weight to train.", nameof(input));
        }

        cancellation.ThrowIfCancellationRequested();
        TorchRuntime.EnsureLoaded();
        using var threads = TorchThreads.Hold(options.Threads);
        using var fast = input.Optimizations.FastFloat32 ? FastFloat32.Hold() : null;
        using var memory = input.Optimizations.KeepMemory ? TensorMemory.Hold() : null;
        using var loop = new TrainingLoop(options, input);
        return loop.Train(progress, cancellation);
    }

    /// <summary>Frees every tensor.</summary>
    public void Dispose()
    {
        _optimizer.Dispose();
        _loss.Dispose();
        _frozen?.Dispose();
        _weights.Dispose();
    }

    private TrainingResult Train(IProgress<TrainingProgress>? progress, CancellationToken cancellation)
    {
        _time.Start();
        Start(progress, cancellation);
        var best = new BestEpoch(_options);
        while (_epochs.Count < _length.Epochs && !best.IsExhausted)
        {
            var started = _time.Elapsed;
            var loss = TrainEpoch(progress, cancellation);
            var metrics = _validation.Count == 0 ? null : _evaluation.Measure(_validation, cancellation);
            _epochs.Add(new TrainingEpoch(_epochs.Count + 1, loss, metrics, (_time.Elapsed - started).TotalSeconds));
            best.Consider(_epochs[^1], _weights);
        }

        return new TrainingResult(best.Weights ?? _weights.ExportTrainable(), Report(best)) { CachedLayers = _frozen?.Layers ?? 0 };
    }

    private void Start(IProgress<TrainingProgress>? progress, CancellationToken cancellation)
    {
        var contrasts = _options.ContrastiveSteps is null && _fewRows.AreToContrast(_rows, cancellation);
        _length = RunLength.Of(_options, _rows.Count, contrasts);
        if (_length.ContrastiveSteps > 0)
        {
            _contrastive.Run(
                _rows, _length.ContrastiveSteps, _random, (rows, loss) => Stepped(progress, epoch: 0, rows, loss), cancellation);
        }

        if ((_options.HeadInitialization ?? _fewRows.HeadFor(_rows)) == HeadInitialization.LinearProbe)
        {
            _headStart.Fit(_rows, cancellation);
        }
    }

    private double TrainEpoch(IProgress<TrainingProgress>? progress, CancellationToken cancellation)
    {
        var losses = 0.0;
        var schedule = LearningRateSchedule.Of(_options, _length.EpochSteps);
        var batches = BatchPlan.Shuffle(_rows, _options.BatchSize, _random, _sortByLength);
        foreach (var group in batches.Chunk(_options.GradientAccumulationSteps))
        {
            var rows = group.Select(indices => (IReadOnlyList<TrainingRow>)[.. indices.Select(index => _rows[index])]).ToArray();
            var step = _steps - _length.ContrastiveSteps;
            var (loss, norm) = _step.Run(rows, schedule.At(step), cancellation);
            TrainingDivergedException.ThrowIfNotFinite(_epochs.Count + 1, step + 1, loss, norm, _options);
            losses += loss;
            Stepped(progress, _epochs.Count + 1, group.Sum(indices => indices.Length), loss);
        }

        return losses / _length.StepsPerEpoch;
    }

    private void Stepped(IProgress<TrainingProgress>? progress, int epoch, int rows, double loss)
    {
        _steps++;
        _rowsSeen += rows;
        var seconds = _time.Elapsed.TotalSeconds;
        var metric = _epochs.Count == 0 ? null : _epochs[^1].Validation?.Value(_options.Metric);
        var left = TimeSpan.FromSeconds(seconds / _steps * (_length.Steps - _steps));
        var ends = _steps == _length.ContrastiveSteps + (epoch * _length.StepsPerEpoch);
        progress?.Report(new TrainingProgress(epoch, _length.Epochs, _steps, _length.Steps, loss, metric, _rowsSeen / seconds, left, ends));
    }

    private TrainingReport Report(BestEpoch best) => new()
    {
        Epochs = _epochs,
        BestEpoch = best.Number ?? _epochs.Count,
        StoppedEarly = best.IsExhausted && _epochs.Count < _length.Epochs,
        Steps = _steps - _length.ContrastiveSteps,
        ContrastiveSteps = _length.ContrastiveSteps,
        Rows = _rows.Count,
        ValidationRows = _validation.Count,
        TruncatedRows = _rows.Concat(_validation).Count(row => row.Tokens.Truncated),
        TrainableParameters = _weights.Trainable.Values.Sum(parameter => parameter.numel()),
        Seconds = _time.Elapsed.TotalSeconds,
        RowsPerSecond = _rows.Count * (double)_epochs.Count / _epochs.Sum(epoch => epoch.Seconds),
        PeakMemoryBytes = PeakMemory(),
        Precision = _precision.Precision,
        PrecisionReason = _precision.Reason,
        Seed = _seed,
    };

    private (IReadOnlyList<TrainingRow> Train, IReadOnlyList<TrainingRow> Validation) Split(TrainingInput input) =>
        input.ValidationRows is not null ? (input.Rows, input.ValidationRows)
        : _options.ValidationFraction > 0 ? ValidationSplit.HoldOut(input.Rows, _options.ValidationFraction, _task, _random)
        : (input.Rows, []);

    private static long PeakMemory()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }
}
